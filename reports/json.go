package reports

import (
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// JSON writes a report as one JSON object, indented by two spaces, its members always in this order:
//
//	illustration  only for a demo ledger: what is made up
//	report, title
//	heading       ledger, commissioner, number, root, witnessed (witness, at, number), time, date, effective (null for
//	              all), through (figures are of periods up to it), period (of it alone), selection, version, officers, notes
//	tables        each with name, title, columns (name, kind), rows, totals; and empty, a sentence, if there are no rows
//	closing       sentences
//
// A row is an object by column name. Money is decimal pounds in a string ("600000.00"), counts and event numbers are
// numbers, dates are "2019-03-31", an organisation is {"code", "name"} with its scheme, and a blank cell is null. A row of
// totals has a word in its first column, and null where there is nothing to add up. Members are only ever added.
func JSON(w io.Writer, r Report) error {
	j := &jsonWriter{encoder: jsontext.NewEncoder(w, jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true))}
	j.report(r)
	return j.err
}

// A jsonWriter writes tokens in the order it is told; after the first error it writes nothing.
type jsonWriter struct {
	encoder *jsontext.Encoder
	err     error
}

func (j *jsonWriter) write(tokens ...jsontext.Token) {
	for _, token := range tokens {
		if j.err == nil {
			j.err = j.encoder.WriteToken(token)
		}
	}
}

func (j *jsonWriter) object(members func()) {
	j.write(jsontext.BeginObject)
	members()
	j.write(jsontext.EndObject)
}

func (j *jsonWriter) name(name string) { j.write(jsontext.String(name)) }

func (j *jsonWriter) text(name, value string) { j.write(jsontext.String(name), jsontext.String(value)) }

func (j *jsonWriter) texts(name string, values []string) {
	j.name(name)
	array(j, values, func(value string) { j.write(jsontext.String(value)) })
}

func array[T any](j *jsonWriter, values []T, write func(T)) {
	j.write(jsontext.BeginArray)
	for _, value := range values {
		write(value)
	}
	j.write(jsontext.EndArray)
}

func (j *jsonWriter) report(r Report) {
	j.object(func() {
		if r.Heading.Illustration != "" {
			j.text("illustration", r.Heading.Illustration)
		}
		j.text("report", r.Name)
		j.text("title", r.Title)
		j.name("heading")
		j.heading(r.Heading)
		j.name("tables")
		array(j, r.Tables, j.table)
		j.texts("closing", r.Closing)
	})
}

func (j *jsonWriter) heading(h Heading) {
	j.object(func() {
		j.text("ledger", h.Ledger)
		j.name("commissioner")
		j.cell(h.Commissioner)
		j.name("number")
		j.cell(Number(h.Number))
		j.proof(h.Proof)
		j.name("time")
		if h.Number == 0 {
			j.write(jsontext.Null)
		} else {
			j.write(jsontext.String(instant(h.Time)))
		}
		j.name("date")
		j.cell(date(h.Date))
		j.name("effective")
		j.cell(date(h.Effective))
		j.name("through")
		j.cell(text(h.Through))
		j.name("period")
		j.cell(text(h.Period))
		j.text("selection", h.Selection)
		j.text("version", h.Version)
		j.text("officers", h.Officers)
		j.texts("notes", h.Notes)
	})
}

func (j *jsonWriter) table(t Table) {
	j.object(func() {
		j.text("name", t.Name)
		j.text("title", t.Title)
		j.name("columns")
		array(j, t.Columns, func(c Column) {
			j.object(func() { j.text("name", c.Name); j.text("kind", string(c.Kind)) })
		})
		row := func(cells []Cell) { j.row(t.Columns, cells) }
		j.name("rows")
		array(j, t.Rows, row)
		j.name("totals")
		array(j, t.Totals, row)
		if len(t.Rows) == 0 {
			j.text("empty", t.Empty)
		}
	})
}

func (j *jsonWriter) row(columns []Column, cells []Cell) {
	j.object(func() {
		for i, c := range columns {
			j.name(c.Name)
			j.cell(cells[i])
		}
	})
}

func (j *jsonWriter) cell(c Cell) {
	switch c := c.(type) {
	case nil:
		j.write(jsontext.Null)
	case Money:
		j.write(jsontext.String(c.decimal()))
	case Count:
		j.write(jsontext.Int(int64(c)))
	case Number:
		j.write(jsontext.Int(int64(c)))
	case Date:
		j.write(jsontext.String(string(c)))
	case Words:
		j.write(jsontext.String(string(c)))
	case Organisation:
		j.object(func() { j.text("code", string(c.Code)); j.text("name", c.Name) })
	}
}
