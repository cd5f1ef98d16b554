package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// converter turns SVG into PNG.
const converter = "rsvg-convert"

// scale is how many pixels of the PNG one of the SVG becomes on each side.
const scale = "2"

// findConverter returns the converter's path. It is asked for before the first
// picture is taken, which takes minutes.
func findConverter() (string, error) {
	path, err := exec.LookPath(converter)
	if err != nil {
		return "", errors.New(converter + " is not installed: it turns SVG into PNG (Debian: apt install librsvg2-bin fonts-dejavu-core)")
	}
	return path, nil
}

// writePNG converts one file with the program at path.
func writePNG(ctx context.Context, path, svg, png string) error {
	out, err := exec.CommandContext(ctx, path, "--zoom", scale, "--output", png, svg).CombinedOutput()
	if err != nil {
		return fmt.Errorf("convert %s to PNG: %w: %s", svg, err, strings.TrimSpace(string(out)))
	}
	return nil
}
