package reports

import (
	"fmt"
	"io"
	"strings"
)

// A Format is a way to write a report.
type Format struct {
	Name      string // as a command line names it
	Extension string // of a file, with its dot
	MediaType string
	Write     func(io.Writer, Report) error
}

// Formats lists every format.
func Formats() []Format {
	return []Format{
		{"text", ".txt", "text/plain; charset=utf-8", func(w io.Writer, r Report) error { return Text(w, r, TextOptions{}) }},
		{"csv", ".csv", "text/csv; charset=utf-8", CSV},
		{"json", ".json", "application/json", JSON},
	}
}

// FormatNamed returns the format of that name, or an error that lists the names there are.
func FormatNamed(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("there is no format %q; choose one of: %s", name, strings.Join(names, ", "))
}
