(() => {
  if (window.gclTuiLive) return;
  window.gclTuiLive = true;
  const mine = document.currentScript.dataset.serves;
  const key = 'gcl-tui-live ' + location.href;
  let stream, timer;
  // What a cache of the page's own (a service worker) gives out again is not
  // loaded a second time for the same generation.
  const tried = generation => {
    try {
      const before = sessionStorage.getItem(key);
      sessionStorage.setItem(key, generation);
      return before === generation;
    } catch { return false; }
  };
  const forget = () => { try { sessionStorage.removeItem(key); } catch {} };
  const hear = e => {
    if (e.data === mine) return forget();
    if (!tried(e.data)) location.reload();
  };
  const close = () => { clearTimeout(timer); stream?.close(); stream = null; };
  // Browsers allow six connections to a server: only pages in sight have one.
  const open = () => {
    close();
    if (document.hidden) return;
    stream = new EventSource('/.gcl-tui/live');
    stream.addEventListener('up', hear);
    stream.onerror = () => { close(); timer = setTimeout(open, 1000); };
  };
  document.addEventListener('visibilitychange', open);
  open();
})();
