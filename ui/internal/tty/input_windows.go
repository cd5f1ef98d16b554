package tty

// inputCarriesAnswers is false on Windows: bubbletea reads console events
// instead, where the letters of an answer would come as keys.
const inputCarriesAnswers = false
