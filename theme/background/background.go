// Package background keeps the import of bubbletea from querying the terminal.
//
// Bubbletea's package initialisation asks lipgloss for the terminal's
// background, which writes to the terminal and waits up to five seconds for an
// answer: in every process of the executable, the hidden roles included, and
// on terminals that never answer. Once the background is set, there is nothing
// to ask.
//
// It works by order: Go initialises packages sorted by import path, each as
// soon as its own imports are (language specification, "Program
// initialization"). This package needs lipgloss alone and sorts before
// github.com/charmbracelet/bubbletea. The real query is made by package ui,
// when the screen is shown and where nothing waits for it.
package background

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }
