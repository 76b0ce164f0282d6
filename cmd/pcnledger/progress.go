package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// A progress counts long work on a terminal, and says nothing in a pipe.
type progress struct {
	out  io.Writer // nil where nobody watches
	all  int
	what string
}

func (t *terminal) progress(all int, what string) *progress {
	file, ok := t.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{file, all, what}
}

func (p *progress) at(n int) {
	if p.out != nil {
		fmt.Fprintf(p.out, "\r%d of %d %s", n, p.all, p.what)
	}
}

// done takes the count off the line again.
func (p *progress) done() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
