package intake

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// A templateColumn is a column of the claims sheet: its name, what is written there, and an example.
type templateColumn struct{ name, says, example string }

// claimColumns are the columns in the order of the national claims portal's screen; the last four are the commissioner's.
var claimColumns = []templateColumn{
	{"claim_month", "the month that is claimed for", "2022-05"},
	{"pcn_code", "the network's ODS code", "U62251"},
	{"claim_reference", "the network's own reference, one for each claim", "MAY-2022"},
	{"declaration", "yes once the network has declared the claim to be right", "yes"},
	{"notes", "notes on the claim, on its first line; may be blank", ""},
	{"employee_id", "a random token for the post-holder, never a name or a number of theirs", "7f3a-19c2"},
	{"profession", "the role's code or its title, as pcnledger show rates has it", "ARRS_CP"},
	{"start_date", "the first day in the post", "2022-04-01"},
	{"left_date", "the last day in the post; blank while it goes on", ""},
	{"hours_per_week", "contracted hours, 1 to 40; blank where sessions are given", "37.5"},
	{"sessions", "contracted sessions a week, for a GP", ""},
	{"monthly_salary", "pounds and pence, 0 to 10000, for the month", "3725.00"},
	{"employer_ni", "the employer's national insurance, 0 to 1000", "412.35"},
	{"employer_pension", "the employer's pension contribution, 0 to 10000", "535.66"},
	{"fees", "a supplier's fee, 0 to 1000, for a social prescribing link worker; may be blank", ""},
	{"training", "of a pharmacist: why the requirements of training are not met; blank if they are", ""},
	{"area", "inner, outer or london where a London maximum is claimed; may be blank", ""},
	{"supplier", "yes if engaged through a contract with a supplier; may be blank", ""},
	{"held", "whole-time posts of the role that are paid otherwise (the baseline of 31 March 2019); may be blank", ""},
	{"exception", "why the baseline does not matter; may be blank", ""},
}

// claimTemplateRows are the header, remarks and an example that is a remark too, so that the template as it is claims for
// nobody.
func claimTemplateRows() [][]string {
	header, example := []string{}, []string{}
	remarks := [][]string{{"# Lines that begin with # are not read. Write one line for each post and month below them. Dates are written 2021-05-31, as text."}}
	for _, column := range claimColumns {
		header, example = append(header, column.name), append(example, column.example)
		remarks = append(remarks, []string{"# " + column.name + ": " + column.says})
	}
	example[0] = "# " + example[0]
	remarks = append(remarks, []string{"# An example; without the # in front it would be read:"}, example)
	return append([][]string{header}, remarks...)
}

// ClaimTemplate is an empty claims sheet as CSV.
func ClaimTemplate() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.WriteAll(claimTemplateRows()) // a strings.Builder takes everything
	return b.String()
}

// ClaimTemplateWorkbook writes an empty claims sheet as a workbook (xlsx). Its cells are text, so that a spreadsheet makes
// no date or number of what is written into them.
func ClaimTemplateWorkbook(to io.Writer) error {
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "claims"
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	const asText = 49 // the built-in number format @
	style, err := book.NewStyle(&excelize.Style{NumFmt: asText})
	if err != nil {
		return err
	}
	last, err := excelize.ColumnNumberToName(len(claimColumns))
	if err != nil {
		return err
	}
	if err := book.SetColStyle(sheet, "A:"+last, style); err != nil {
		return err
	}
	if err := book.SetColWidth(sheet, "A", last, 18); err != nil {
		return err
	}
	for i, row := range claimTemplateRows() {
		for j, text := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := book.SetCellStr(sheet, cell, text); err != nil {
				return err
			}
			if err := book.SetCellStyle(sheet, cell, cell, style); err != nil {
				return err
			}
		}
	}
	return book.Write(to)
}
