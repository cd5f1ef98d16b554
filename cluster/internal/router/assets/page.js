(() => {
  const { serves, method } = document.body.dataset;
  let stream, timer;
  // A page that answered a form is not to send the form again: a URL without
  // fragment is always loaded, and by GET.
  const load = () => method === 'GET' ? location.reload() : location.replace(location.href.split('#')[0]);
  const hear = e => { if (e.data !== serves) { close(); load(); } };
  const close = () => { clearTimeout(timer); stream?.close(); stream = null; };
  const open = () => {
    close();
    if (document.hidden) return;
    stream = new EventSource('/.gcl-tui/live');
    stream.addEventListener('up', hear);
    stream.addEventListener('down', hear);
    stream.onerror = probe;
  };
  // Where the stream does not come through, or from somebody else by now, the
  // page itself is asked for.
  const probe = () => {
    close();
    timer = setTimeout(() => fetch(location.href, { method: 'HEAD', cache: 'no-store' })
      .then(r => r.status < 502 || r.status > 503 ? load() : open(), open), 1000);
  };
  document.addEventListener('visibilitychange', open);
  open();
})();
