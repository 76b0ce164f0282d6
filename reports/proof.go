package reports

import (
	"strconv"
	"time"
)

// A Proof is what the figures of a report can be held against: the root of the log that they are folded from, and who
// outside the ledger saw that log. It is given by whoever has the log; views do not know it.
type Proof struct {
	Root      string      // of the tree over every event up to the report's number, in base64; blank if it is not known
	Witnessed []Witnessed // of each witness the earliest that covers the number
}

// Witnessed says that a witness cosigned a checkpoint of the log.
type Witnessed struct {
	Name string    // the witness's, by custom an address
	Size int64     // events up to this number were covered
	At   time.Time // by the witness's clock, to the second
}

// facts are the lines of a heading that say what proves it.
func (p Proof) facts() []fact {
	var facts []fact
	if p.Root != "" {
		facts = append(facts, plain("root", p.Root))
	}
	for _, w := range p.Witnessed {
		size := strconv.FormatInt(w.Size, 10)
		facts = append(facts, fact{"witnessed", []string{w.Name, w.second(), size}, []string{w.Name, w.second(), "up to event " + size}})
	}
	return facts
}

// second prints when it was as exactly as a witness says it.
func (w Witnessed) second() string { return w.At.UTC().Format(time.RFC3339) }

// json writes the members that say the same.
func (j *jsonWriter) proof(p Proof) {
	j.name("root")
	j.cell(text(p.Root))
	j.name("witnessed")
	array(j, p.Witnessed, func(w Witnessed) {
		j.object(func() {
			j.text("witness", w.Name)
			j.text("at", w.second())
			j.name("number")
			j.cell(Number(w.Size))
		})
	})
}
