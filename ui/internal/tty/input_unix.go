//go:build !windows

package tty

// inputCarriesAnswers is true where the program reads the terminal through
// Input.
const inputCarriesAnswers = true
