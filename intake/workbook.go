package intake

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// mostUnpacked bounds what a workbook may unpack to, so that a small file cannot fill the memory. ePCN unpacks to 5 MB.
const mostUnpacked = 16 << 20

// mostCells bounds the cells of a workbook, blank ones before a row's last included: a cell far to the right costs its
// file nothing and the memory a whole row. ePCN has 100,000.
const mostCells = 1 << 20

// wanted says what is looked for in a workbook, for what is told of one that is too large or is none.
type wanted struct{ sheets, holds string }

// openWorkbook reads every sheet of a workbook (xlsx) that has a row that says something: the first such is its header.
// Blank rows below are not counted, since a sheet has no end.
func openWorkbook(raw []byte, want wanted, found *faults) (tables []*table) {
	if wrong := checkWorkbook(raw, want); wrong != nil {
		found.add(*wrong)
		return nil
	}
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{
		RawCellValue:      true, // a number as it is kept: 20191001, not 20,191,001
		UnzipSizeLimit:    mostUnpacked,
		UnzipXMLSizeLimit: mostUnpacked, // so that nothing is put on the disk
	})
	if err != nil {
		found.add(*damaged(err))
		return nil
	}
	defer book.Close()
	cells := 0
	for _, name := range book.GetSheetList() {
		rows, wrong := readSheet(book, name, want, &cells)
		if wrong != nil {
			found.add(*wrong)
			return nil
		}
		if t := openSheet(rows, name, found); t != nil {
			tables = append(tables, t)
		}
	}
	return tables
}

// A sheetRow is a row of a sheet that says something.
type sheetRow struct {
	line   int
	fields []string
}

// readSheet reads the rows of a sheet that say something. A chart, which stands among the sheets, has none.
func readSheet(book *excelize.File, name string, want wanted, cells *int) (all []sheetRow, wrong *Error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, nil
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		fields, err := rows.Columns()
		if err != nil {
			return nil, damaged(err)
		}
		if *cells += len(fields); *cells > mostCells {
			return nil, &Error{
				Reason: fmt.Sprintf("the workbook has more than %d cells", mostCells),
				Remedy: "import a copy with " + want.sheets + " alone",
			}
		}
		if !blank(fields) {
			all = append(all, sheetRow{line, fields})
		}
	}
	if err := rows.Error(); err != nil {
		return nil, damaged(err)
	}
	return all, nil
}

// openSheet makes a table of a sheet's rows, or nothing of a sheet without any.
func openSheet(rows []sheetRow, name string, found *faults) *table {
	if len(rows) == 0 {
		return nil
	}
	below := rows[1:]
	return &table{
		found: found, file: found.file + ", sheet " + name, sheet: name,
		header: rows[0].fields, headerLine: rows[0].line,
		next: func() ([]string, int, *Error) {
			if len(below) == 0 {
				return nil, 0, nil
			}
			row := below[0]
			below = below[1:]
			return row.fields, row.line, nil
		},
	}
}

// checkWorkbook unpacks a workbook to the end, and reads the XML in it to its own. The library stops at damage as if
// the file ended there, and believes what a zip file says of its size.
func checkWorkbook(raw []byte, want wanted) *Error {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return damaged(err)
	}
	left := uint64(mostUnpacked)
	isWorkbook := false
	for _, part := range archive.File {
		if part.UncompressedSize64 > left {
			return &Error{
				Reason: fmt.Sprintf("the workbook unpacks to more than %d MB", mostUnpacked>>20),
				Remedy: "import a copy with " + want.sheets + " alone",
			}
		}
		left -= part.UncompressedSize64
		isWorkbook = isWorkbook || strings.EqualFold(part.Name, "xl/workbook.xml")
		if err := checkPart(part); err != nil {
			return damaged(err)
		}
	}
	if !isWorkbook {
		return &Error{
			Reason: "this is a zip file, not a workbook (xlsx)",
			Remedy: "unpack it, and import the file in it that holds " + want.holds,
		}
	}
	return nil
}

// checkPart reads one file of a workbook to its end. The reader checks its length and its sum.
func checkPart(part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if strings.HasSuffix(strings.ToLower(part.Name), ".xml") {
		for tokens := xml.NewDecoder(r); err == nil; {
			_, err = tokens.Token()
		}
		if !errors.Is(err, io.EOF) {
			return err
		}
	}
	_, err = io.Copy(io.Discard, r)
	return err
}

// damaged says that a workbook cannot be read to its end.
func damaged(err error) *Error {
	return &Error{
		Reason: "the workbook cannot be read: " + clip(err.Error()),
		Remedy: "open it in a spreadsheet program and save it as xlsx again, or fetch it again from where it is published",
	}
}
