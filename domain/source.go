package domain

import "strings"

// A Source says where a fact comes from, so that anyone can look it up.
type Source struct {
	Title   string `json:"title"`
	File    string `json:"file,omitzero"`    // its name, without a folder
	SHA256  string `json:"sha256,omitzero"`  // of the file's bytes, lower-case hex
	Address string `json:"address,omitzero"` // where it is published
	Licence string `json:"licence,omitzero"`
	Note    string `json:"note,omitzero"` // what is assumed about it
}

// given says that there is a source: its title tells it from none.
func (s Source) given() bool { return strings.TrimSpace(s.Title) != "" }
