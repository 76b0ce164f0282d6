package projections

import "pcnledger/domain"

// A List is how many patients practices have, by one source. Shares of money quote its number.
type List struct {
	Number int64
	domain.ListSizesRecorded
}

// Patients returns how many patients the practices of the list have together.
func (l List) Patients() int64 {
	var sum int64
	for _, line := range l.Lines {
		sum += line.Patients
	}
	return sum
}

// lists keeps the lists of a registry.
type lists struct {
	rows  []listRow
	lines column[listLine]
}

// A listRow is a list without its lines, and where they are.
type listRow struct {
	List
	lines span
}

// A listLine is a [domain.ListLine] in words.
type listLine struct {
	patients  int64
	practice  word
	published text
}

func (l *lists) add(k *book, number int64, e domain.ListSizesRecorded) {
	first := l.lines.len()
	for i := range e.Lines {
		line := &e.Lines[i]
		l.lines.add(listLine{line.Patients, k.words.of(string(line.Practice)), k.texts.add(line.Published)})
	}
	e.Lines = nil
	l.rows = append(l.rows, listRow{List{number, e}, l.lines.since(first)})
}

// Lists returns every list in the order of recording.
func (g *Registry) Lists() []List {
	all := make([]List, len(g.lists.rows))
	for i, row := range g.lists.rows {
		all[i] = row.List
		for at := range row.lines.rows() {
			line, text := g.lists.lines.at(at), g.book.words.text
			all[i].Lines = append(all[i].Lines, domain.ListLine{
				Practice: domain.Body(text(line.practice)), Patients: line.patients, Published: g.book.texts.text(line.published),
			})
		}
	}
	return all
}
