package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// readEnvFile returns the variables of a file as K=V pairs.
//
// A line is NAME=VALUE, with "export " before it if need be. Empty lines and
// those that start with # say nothing. A value in single quotes is what is
// between them; in double quotes it may hold Go's escapes, as in "a\nb". Nothing
// is expanded.
func readEnvFile(name string) ([]string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("--env-file: %w", err)
	}
	var vars []string
	scanner := bufio.NewScanner(bytes.NewReader(text))
	scanner.Buffer(nil, len(text)+1) // a line may be as long as the file
	for n := 1; scanner.Scan(); n++ {
		v, err := parseVariable(scanner.Text())
		if err != nil {
			return nil, fmt.Errorf("--env-file: %s:%d: %w", name, n, err)
		}
		if v != "" {
			vars = append(vars, v)
		}
	}
	return vars, scanner.Err()
}

// parseVariable returns K=V, or nothing for a line that says nothing.
func parseVariable(line string) (string, error) {
	line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
	if line == "" || line[0] == '#' {
		return "", nil
	}
	name, value, hasValue := strings.Cut(strings.TrimPrefix(line, "export "), "=")
	if !hasValue {
		return "", errWantVariable
	}
	value, err := unquote(strings.TrimSpace(value))
	if err != nil {
		return "", err
	}
	v := strings.TrimSpace(name) + "=" + value
	return v, checkVariable(v)
}

func unquote(value string) (string, error) {
	if value == "" || value[0] != '\'' && value[0] != '"' {
		return value, nil
	}
	quoteMark := value[0]
	if len(value) < 2 || value[len(value)-1] != quoteMark {
		return "", errors.New("the quote is not closed on this line")
	}
	if quoteMark == '\'' {
		return value[1 : len(value)-1], nil
	}
	s, err := strconv.Unquote(value)
	if err != nil {
		return "", errors.New(`bad escape between double quotes: write \\ for a backslash`)
	}
	return s, nil
}
