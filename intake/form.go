package intake

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A form is a form of file that can be imported. It is known by its columns and by nothing else.
type form interface {
	title() string
	columns() []string  // all are in the header
	excludes() []string // none is: with one of them the file is of another form
}

// A likeness is how a header row compares with the known forms.
type likeness[F form] struct {
	fits    []F
	nearest F
	lacking []string // the columns that nearest has and the header has not
	far     bool     // the header is not even like nearest
}

// compare compares a table's header row with all forms.
func compare[F form](t *table, forms []F) likeness[F] {
	l := likeness[F]{far: true}
	least := math.MaxInt
	for _, f := range forms {
		if len(t.lacks(f.excludes())) < len(f.excludes()) {
			continue
		}
		lacking := t.lacks(f.columns())
		if len(lacking) == 0 {
			l.fits = append(l.fits, f)
		}
		if len(lacking) < least {
			l.nearest, l.lacking, least = f, lacking, len(lacking)
			l.far = 3*least > len(f.columns()) // the likeness is chance: files of all kinds name practices
		}
	}
	return l
}

// explain records why a table is of no one form. What says which kind of file was expected.
func (l likeness[F]) explain(t *table, forms []F, what string) {
	switch {
	case len(l.fits) > 1:
		t.add(Error{
			Line:   t.headerLine,
			Reason: fmt.Sprintf("the header row is that of two forms: %s; and %s", l.fits[0].title(), l.fits[1].title()),
			Remedy: "take out the columns of one",
		})
	case !l.far:
		for _, column := range l.lacking {
			t.add(Error{
				Line: t.headerLine, Field: column,
				Reason: fmt.Sprintf("the column is missing; the rest of the header is that of: %s", l.nearest.title()),
				Remedy: "add the column " + column + " with its values",
			})
		}
	default:
		t.add(Error{
			Line: t.headerLine, Value: clip(strings.Join(t.header, ",")),
			Reason: "the header row is that of no " + what + " that can be imported",
			Remedy: "give a CSV file with the columns of one of these: " + known(forms),
		})
	}
}

// known lists forms with their columns.
func known[F form](forms []F) string {
	each := make([]string, len(forms))
	for i, f := range forms {
		each[i] = fmt.Sprintf("%s (%s)", f.title(), strings.Join(f.columns(), ","))
	}
	return strings.Join(each, "; ")
}

// given returns those of the columns that have a name: a form need not have every column there is.
func given(columns ...string) []string {
	return slices.DeleteFunc(columns, func(column string) bool { return column == "" })
}
