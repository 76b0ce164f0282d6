package reports

import (
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// The functions here make cells and columns; what is not said makes a blank cell.

func text[T ~string](s T) Cell {
	if s == "" {
		return nil
	}
	return Words(s)
}

func date(d domain.Date) Cell {
	if d == "" {
		return nil
	}
	return Date(d)
}

func number(n int64) Cell {
	if n == 0 {
		return nil
	}
	return Number(n)
}

func money(p domain.Pence) Cell { return Money(p) }

// moneyIfAny leaves nothing blank, for columns in which most cells are.
func moneyIfAny(p domain.Pence) Cell {
	if p == 0 {
		return nil
	}
	return Money(p)
}

func organisation(v *projections.Views, code domain.Body) Cell {
	if code == "" {
		return nil
	}
	return organisationOf(v, code)
}

func organisationOf(v *projections.Views, code domain.Body) Organisation {
	body, _ := v.Registry.Body(code)
	return Organisation{code, body.Name()}
}

func columns(groups ...[]Column) []Column {
	var all []Column
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

func of(kind Kind, names ...string) []Column {
	var all []Column
	for _, name := range names {
		all = append(all, Column{name, kind})
	}
	return all
}

var sumColumns = of(KindMoney, "allocated", "released", "spent", "recovered", "called back", "received", "unspent")

func sumCells(s projections.Sums) []Cell {
	return []Cell{
		money(s.Allocated), money(s.Released), money(s.Spent), money(s.Recovered), money(s.CalledBack), money(s.Received),
		money(s.Unspent),
	}
}

// A sumForm writes sums, with a column of recoveries only where there are any. Funds that pay in advance have none, and
// their reports are the narrower for it.
type sumForm struct{ recovered bool }

const recoveredColumn = 3 // of sumColumns

func formOf(rows []projections.Purpose) sumForm { return sumForm{anyRecovered(rows)} }

func anyRecovered(rows []projections.Purpose) bool {
	return slices.ContainsFunc(rows, func(p projections.Purpose) bool { return p.Recovered != 0 })
}

func (f sumForm) columns() []Column {
	if f.recovered {
		return sumColumns
	}
	return slices.Concat(sumColumns[:recoveredColumn], sumColumns[recoveredColumn+1:])
}

func (f sumForm) cells(s projections.Sums) []Cell {
	if f.recovered {
		return sumCells(s)
	}
	return slices.Delete(sumCells(s), recoveredColumn, recoveredColumn+1)
}

// leaveOut takes away columns that say nothing in any row. What only some ledgers have, such as payments in transit, then
// makes the reports of the others no wider.
func (t *Table) leaveOut(names ...string) {
	for i := len(t.Columns) - 1; i >= 0; i-- {
		if !slices.Contains(names, t.Columns[i].Name) || slices.ContainsFunc(t.Rows, func(row []Cell) bool { return says(row[i]) }) {
			continue
		}
		t.Columns = slices.Delete(slices.Clone(t.Columns), i, i+1)
		for n := range t.Rows {
			t.Rows[n] = slices.Delete(t.Rows[n], i, i+1)
		}
		for n := range t.Totals {
			t.Totals[n] = slices.Delete(t.Totals[n], i, i+1)
		}
	}
}

func says(c Cell) bool { return c != nil && c != Cell(Money(0)) }

// total gives a table one row of totals, the sums of its money columns. A table of one row is its own total.
func (t *Table) total() {
	if len(t.Rows) < 2 {
		return
	}
	t.Totals = append(t.Totals, t.sum("total", t.Rows))
}

// sum adds up the money columns of rows, and heads them with a word in the first column.
func (t *Table) sum(word string, rows [][]Cell) []Cell {
	sums := make([]Cell, len(t.Columns))
	sums[0] = Words(word)
	for i, column := range t.Columns {
		if column.Kind != KindMoney {
			continue
		}
		var sum Money
		for _, row := range rows {
			if cell, ok := row[i].(Money); ok {
				sum += cell
			}
		}
		sums[i] = sum
	}
	return sums
}

func (t *Table) row(cells ...Cell) { t.Rows = append(t.Rows, cells) }

func (t *Table) rowOf(cells []Cell, more ...Cell) { t.Rows = append(t.Rows, append(cells, more...)) }
