package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// A progress counts long work on a terminal, and says nothing in a pipe.
type progress struct {
	out  io.Writer // nil where nobody watches
	all  int
	what string
	next time.Time // when the count is written again
}

func (t *terminal) progress(all int, what string) *progress {
	file, ok := t.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{out: file, all: all, what: what}
}

// redraw is as often as an eye can follow; a terminal is slower than the work that is counted.
const redraw = 50 * time.Millisecond

func (p *progress) at(n int) {
	if p.out == nil || n < p.all && time.Now().Before(p.next) {
		return
	}
	p.next = time.Now().Add(redraw)
	fmt.Fprintf(p.out, "\r%d of %d %s", n, p.all, p.what)
}

// number is at for work that counts events by number.
func (p *progress) number(n int64) { p.at(int(n)) }

// done takes the count off the line again.
func (p *progress) done() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
