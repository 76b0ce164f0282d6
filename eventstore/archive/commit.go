package archive

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Commit is what a log recorded at once.
type Commit struct {
	First  int64  // number of its first event
	Events int    // how many there are
	Body   []byte // "[" LF, the events' lines joined by "," LF, LF "]"

	// Root is the root of the tree before the commit, and Signatures are over the commit: texts without a space, kept as
	// they are. A commit has both or, if it was never signed, neither.
	Root       string
	Signatures []string
}

// Last returns the number of the commit's last event.
func (c Commit) Last() int64 { return c.First + int64(c.Events) - 1 }

const (
	bodyOpen  = "[\n"
	bodyClose = "\n]"
	bodyEnd   = "\n]\n" // with the LF that follows it in a segment; no event's line is a bracket

	absent        = "-"
	maxToken      = 256
	maxSignatures = 8 // two in a commit that rotates the key; the rest is room

	// maxLine is the most that a line of signatures takes: number, root, signatures, LF.
	maxLine = 12 + (1+maxToken)*(1+maxSignatures) + 1
)

// check reports a commit that a reader would not give back as it is.
func (c Commit) check(first int64) error {
	if c.First != first || c.Events < 1 || c.Last() > maxNumber {
		return fmt.Errorf("a commit of %d events from number %d on cannot follow number %d", c.Events, c.First, first-1)
	}
	if err := c.checkBody(); err != nil {
		return fmt.Errorf("the commit at number %d: %w", c.First, err)
	}
	if c.Root == "" && len(c.Signatures) == 0 {
		return nil
	}
	if err := c.checkSeal(); err != nil {
		return fmt.Errorf("the commit at number %d: %w", c.First, err)
	}
	return nil
}

// checkSeal reports what is wrong with the root and the signatures of a commit that has them.
func (c Commit) checkSeal() error {
	if !isToken(c.Root) || len(c.Signatures) < 1 || len(c.Signatures) > maxSignatures {
		return fmt.Errorf("%.300q with %d signatures cannot be a root and its signatures", c.Root, len(c.Signatures))
	}
	for _, s := range c.Signatures {
		if !isToken(s) {
			return fmt.Errorf("%.300q cannot be a signature", s)
		}
	}
	return nil
}

func (c Commit) checkBody() error {
	switch {
	case len(c.Body) < len(bodyOpen)+1+len(bodyClose) || !bytes.HasPrefix(c.Body, []byte(bodyOpen)) || !bytes.HasSuffix(c.Body, []byte(bodyClose)):
		return errors.New("it does not begin with [ and end with ] on lines of their own")
	case bytes.Contains(c.Body, []byte(bodyEnd)):
		return errors.New("it has a line that is only ]")
	case eventsIn(c.Body) != c.Events:
		return fmt.Errorf("it has %d events and not %d", eventsIn(c.Body), c.Events)
	case len(c.Body) >= maxRaw:
		return fmt.Errorf("it has %d bytes; a commit can have %d", len(c.Body), maxRaw-1)
	}
	return nil
}

// eventsIn counts the events of a body. Each event is a line, and the frame adds two.
func eventsIn(body []byte) int { return bytes.Count(body, []byte{'\n'}) - 1 }

// appendSeal appends the commit's line of signatures.
func (c Commit) appendSeal(text []byte) []byte {
	text = strconv.AppendInt(text, c.First, 10)
	root, signatures := c.Root, c.Signatures
	if root == "" {
		root, signatures = absent, []string{absent}
	}
	text = append(append(text, ' '), root...)
	for _, s := range signatures {
		text = append(append(text, ' '), s...)
	}
	return append(text, '\n')
}

// readSeal reads the line at the start of text into c, which has its number, and returns what follows it. The strings are
// parts of text. The signatures are appended to all, so that a segment's share one array.
func (c *Commit) readSeal(text string, all []string) (rest string, _ []string, err error) {
	line, rest, whole := strings.Cut(text, "\n")
	if !whole {
		return "", all, errors.New("it ends before this commit")
	}
	number, line, _ := strings.Cut(line, " ")
	var digits [20]byte
	if number != string(strconv.AppendInt(digits[:0], c.First, 10)) {
		return "", all, fmt.Errorf("the commit is said to begin at %.20q", number)
	}
	start := len(all)
	root, line, more := strings.Cut(line, " ")
	for more {
		var signature string
		signature, line, more = strings.Cut(line, " ")
		all = append(all, signature)
	}
	signatures := all[start:len(all):len(all)]
	if root == absent && len(signatures) == 1 && signatures[0] == absent {
		return rest, all[:start], nil
	}
	c.Root, c.Signatures = root, signatures
	return rest, all, c.checkSeal()
}
