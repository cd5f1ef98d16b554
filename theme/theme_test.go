package theme

import (
	"reflect"
	"strings"
	"testing"
)

// styles returns all styles of a theme by name.
func styles(t Theme) map[string]Style {
	out := map[string]Style{}
	v := reflect.ValueOf(t)
	for i := range v.NumField() {
		switch f := v.Field(i).Interface().(type) {
		case Style:
			out[v.Type().Field(i).Name] = f
		case [graphShades]Style:
			for _, s := range f {
				out[v.Type().Field(i).Name+s.On] = s
			}
		}
	}
	return out
}

func TestEveryThemeHasEveryStyle(t *testing.T) {
	for _, name := range Names() {
		for _, env := range [][]string{{"TERM=xterm-256color", "COLORTERM=truecolor"}, {"TERM=xterm-256color"}, {"TERM=xterm"}} {
			th, err := New(name, env)
			if err != nil {
				t.Fatal(err)
			}
			for what, s := range styles(th) {
				// Of 16 colours none is quiet enough for the selected row.
				few := env[0] == "TERM=xterm" && what == "Selected"
				if s.On == "" && !few {
					t.Errorf("%s, %v: %s has no colour", name, env, what)
				}
				if (s.On == "") != (s.Off == "") {
					t.Errorf("%s, %v: %s opens with %q and closes with %q", name, env, what, s.On, s.Off)
				}
			}
		}
	}
}

func TestNoColor(t *testing.T) {
	for _, env := range [][]string{{"TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=1"}, {"TERM=dumb"}, {}} {
		th, err := New("dark", env)
		if err != nil {
			t.Fatal(err)
		}
		for what, s := range styles(th) {
			if s != (Style{}) {
				t.Errorf("%v: %s is %q", env, what, s.On)
			}
		}
	}
}

// A style inside a selected row must leave the row's background alone.
func TestStylesKeepTheBackground(t *testing.T) {
	th, err := New("dark", []string{"TERM=xterm-256color"})
	if err != nil {
		t.Fatal(err)
	}
	for what, s := range styles(th) {
		if what != "Selected" && (strings.Contains(s.Off, "[0m") || strings.Contains(s.Off, "[m") || strings.Contains(s.Off, "49")) {
			t.Errorf("%s ends with %q", what, s.Off)
		}
	}
}

func TestForBackground(t *testing.T) {
	for _, dark := range []bool{true, false} {
		th, err := New(ForBackground(dark), nil)
		if err != nil || th.Dark != dark {
			t.Errorf("dark %v: %s, %v", dark, th.Name, err)
		}
	}
}

func TestUnknownTheme(t *testing.T) {
	if _, err := New("pink", nil); err == nil || !strings.Contains(err.Error(), "dark or light") {
		t.Errorf("the error is %v", err)
	}
}
