package bench

import (
	"runtime"

	"github.com/nats-io/nats-server/v2/server"
)

// reportVersion counts the forms of a Report in JSON. Members may be added to a version; none is removed or changes its
// meaning.
const reportVersion = 1

// A Report is the outcome of a run.
type Report struct {
	Version int     `json:"version"` // of this form
	Machine Machine `json:"machine"`
	Seconds float64 `json:"seconds"` // that the run took
	Rows    []Row   `json:"rows"`    // in order of their numbers; a row of several parts stands there once for each
}

// Machine says what the figures were taken on.
type Machine struct {
	System     string `json:"system"` // linux/amd64
	CPUs       int    `json:"cpus"`   // that this process may use
	Go         string `json:"go"`
	NATS       string `json:"nats"`       // the version of the embedded server
	FileSystem string `json:"filesystem"` // of the directory: disk, memory, or blank where that cannot be told
}

// inMemory is the file system in which a sync costs nothing, so that no figure with a sync in it means anything.
const inMemory = "memory"

func machineOf(dir string) Machine {
	return Machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.GOMAXPROCS(0), Go: runtime.Version(), NATS: server.VERSION, FileSystem: fileSystem(dir)}
}

// A Row is one line of the budget as it was measured, or one part of such a line.
type Row struct {
	Row       int     `json:"row"`                // its number in the budget
	Part      string  `json:"part,omitzero"`      // where the row has several: "time", "memory", "hledger" …
	What      string  `json:"what"`               // what was measured
	Figure    Measure `json:"figure,omitzero"`    // absent if it could not be measured: Note says why
	Yardstick Measure `json:"yardstick,omitzero"` // absent if the budget is an absolute figure and nothing was measured beside it
	Ratio     float64 `json:"ratio,omitzero"`     // figure ÷ yardstick; where the budget says so, yardstick ÷ figure
	Budget    Budget  `json:"budget"`
	Pass      *bool   `json:"pass"` // null where it cannot be told: Note says why
	Note      string  `json:"note,omitzero"`
}

// A Measure is the median of several rounds, with the least and the most of them.
type Measure struct {
	Name  string  `json:"name,omitzero"` // of a yardstick
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func (m Measure) named(name string) Measure {
	m.Name = name
	return m
}

// A Budget says what is compared with the limit, and on which side of it a row passes.
type Budget struct {
	Of    Compared `json:"of"`
	Side  Side     `json:"side"`
	Limit float64  `json:"limit"`
	Unit  string   `json:"unit,omitzero"` // of a figure
}

// Compared is what a budget limits.
type Compared string

// Side is on which side of the limit a row passes.
type Side string

// The values of Compared and Side.
const (
	OfRatio        Compared = "ratio"         // figure ÷ yardstick
	OfInverseRatio Compared = "inverse ratio" // yardstick ÷ figure: how many times less
	OfFigure       Compared = "figure"
	AtMost         Side     = "at most"
	AtLeast        Side     = "at least"
)

func ratioAtMost(limit float64) Budget  { return Budget{Of: OfRatio, Side: AtMost, Limit: limit} }
func ratioAtLeast(limit float64) Budget { return Budget{Of: OfRatio, Side: AtLeast, Limit: limit} }
func timesLess(limit float64) Budget    { return Budget{Of: OfInverseRatio, Side: AtLeast, Limit: limit} }

func (b Budget) holds(value float64) bool {
	if b.Side == AtMost {
		return value <= b.Limit
	}
	return value >= b.Limit
}

// judged completes a row with its ratio and whether it passes.
func (r Row) judged() Row {
	if r.Yardstick.Value > 0 && r.Figure.Value > 0 {
		r.Ratio = r.Figure.Value / r.Yardstick.Value
		if r.Budget.Of == OfInverseRatio {
			r.Ratio = 1 / r.Ratio
		}
	}
	compared := r.Ratio
	if r.Budget.Of == OfFigure {
		compared = r.Figure.Value
	}
	pass := compared > 0 && r.Budget.holds(compared)
	r.Pass = &pass
	return r
}
