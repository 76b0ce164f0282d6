package intake_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"pcnledger/domain"
	"pcnledger/intake"
)

// An era of ePCN is how its sheets and their columns are called, with line breaks and spaces as published.
type era struct {
	networks, members         string
	networkHeader, partHeader []string
}

var eras = map[string]era{
	"of clinical commissioning groups, first": {
		"PCN Details", "PCN Core Partner Details",
		[]string{
			"PCN Code", "PCN Name", "Current Clinical Commissioning Group Code", "Clinical Commissioning Group Name", "Open Date (YYYYMMDD)",
			"Close Date", "Address Line 1", "Postcode",
		},
		[]string{
			"Partner Organisation Code", "Partner Name", "Practice Parent CCG Code", "Practice Parent CCG Name", "PCN Code", "PCN Name",
			"PCN Parent CCG Code", "PCN Parent CCG Name", "Practice to PCN Relationship Start Date", "Practice to PCN Relationship End Date",
			"Practice CCG and PCN CCG match?",
		},
	},
	"of clinical commissioning groups, later": {
		"PCNDetails", "PCN Core Partner Details",
		[]string{
			"PCN Code", "PCN Name", "Current Clinical \nCommissioning \nGroup Code", "Clinical\nCommissioning\nGroup Name", "Open Date",
			"Close Date", "Address Line 1", "Postcode",
		},
		[]string{
			"Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nCCG Code", "Practice\nParent\nCCG Name", "PCN Code", "PCN Name",
			"PCN Parent\nCCG Code", "PCN Parent\nCCG Name", "Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date",
			"Practice CCG and PCN\nCCG Match ",
		},
	},
	"of sub-ICB locations": {
		"PCNDetails", "PCN Core Partner Details",
		[]string{"PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date", "Close Date", "Address Line 1", "Postcode"},
		[]string{
			"Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nSub ICB Loc Code", "Practice\nParent\nSub ICB Loc Name", "PCN Code",
			"PCN Name", "PCN Parent\nSub ICB Loc Code", "PCN Parent\nSub ICB Loc Name", "Practice to PCN\nRelationship\nStart Date",
			"Practice to PCN\nRelationship\nEnd Date", "Practice Sub ICB Loc and PCN Sub ICB Loc Match ",
		},
	},
}

var latest = eras["of sub-ICB locations"]

// A sheet is what a test puts into a workbook: a value of nil is a cell that is not there.
type sheet struct {
	name string
	rows [][]any
}

// workbook writes a workbook.
func workbook(t testing.TB, sheets ...sheet) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, s := range sheets {
		if i == 0 {
			must(t, book.SetSheetName("Sheet1", s.name))
		} else if _, err := book.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		for line, row := range s.rows {
			must(t, book.SetSheetRow(s.name, fmt.Sprintf("A%d", line+1), &row))
		}
	}
	var file bytes.Buffer
	must(t, book.Write(&file))
	return file.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func cells(texts ...string) (row []any) {
	for _, text := range texts {
		row = append(row, text)
	}
	return row
}

// epcn returns the two sheets of an era with the rows of a file in the form of Oxfordshire's, and those of another
// commissioner before and after. Blank cells at the end of a row are left out, as a spreadsheet does.
func (e era) epcn(t testing.TB, raw []byte) (networks, members sheet) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	must(t, err)
	networks = sheet{e.networks, [][]any{cells(e.networkHeader...)}}
	members = sheet{e.members, [][]any{cells(e.partHeader...)}}
	add := func(commissioner string, row []string) {
		seen := slices.ContainsFunc(networks.rows, func(n []any) bool { return n[0] == row[2] })
		if !seen {
			networks.rows = append(networks.rows, cells(row[2], row[3], commissioner, "NHS "+commissioner, "20191001", "", "1 HIGH STREET", "OX1 1AA"))
		}
		members.rows = append(members.rows, cells(row[0], row[1], commissioner, "NHS "+commissioner, row[2], row[3], commissioner,
			"NHS "+commissioner, row[4], row[5], "1"))
	}
	add("15A", []string{"K81007", "LONDON STREET SURGERY", "U03989", "WHITLEY PCN", "20191001", "20210401"})
	for _, row := range rows[1:] {
		add("10Q", row)
	}
	add("15A", []string{"K81007", "LONDON STREET SURGERY", "U99474", "READING CENTRAL PCN", "20210401", ""}) // as published: at once in two
	return networks, members
}

// ofOxfordshire is what a person says of ePCN.
var ofOxfordshire = intake.MembershipOptions{Ledger: "oxfordshire", Commissioner: "ods:10Q"}

func TestEveryEraOfEPCNSaysOfOxfordshireWhatItsExtractSays(t *testing.T) {
	raw := published(t, "oxfordshire_membership.csv")
	want := inOneCommand(enlisted(t, raw, "oxfordshire_membership.csv", members))
	for name, e := range eras {
		t.Run(name, func(t *testing.T) {
			networks, members := e.epcn(t, raw)
			made := enlisted(t, workbook(t, networks, members), "ePCN.xlsx", ofOxfordshire)
			if diff := cmp.Diff(want, inOneCommand(made)); diff != "" {
				t.Error(diff)
			}
			newBook(t).record(made)
			if want := []intake.LeftOut{{Reason: "not of commissioner 10Q", Rows: 2}}; !slices.Equal(made.Summary.LeftOut, want) {
				t.Errorf("left out are %v, want %v", made.Summary.LeftOut, want)
			}
			source := schedules(made)[0].Source
			if source.Title != "Primary Care Networks (ePCN), NHS Organisation Data Service" || source.File != "ePCN.xlsx" || source.Licence == "" ||
				!strings.Contains(source.Note, "1 October 2019") {
				t.Errorf("the source is %+v", source)
			}
		})
	}
}

func TestEPCNOf2019And2022AndACopyOfTheExtractCanBeImportedInTurn(t *testing.T) {
	raw := published(t, "oxfordshire_membership.csv")
	b := newBook(t)
	for _, day := range []struct{ era, seen string }{
		{"of clinical commissioning groups, first", "20191204"},
		{"of clinical commissioning groups, later", "20220128"},
		{"of sub-ICB locations", "20241025"},
	} {
		networks, members := eras[day.era].epcn(t, seenOn(t, raw, day.seen))
		opts := ofOxfordshire
		opts.Known, opts.Enrolled = b.known, b.spans
		made := enlisted(t, workbook(t, networks, members), "ePCN.xlsx", opts)
		if len(made.Summary.Warnings) > 0 {
			t.Errorf("%s: %q", day.seen, made.Summary.Warnings)
		}
		b.record(made)
	}
	for _, numbered := range enlisted(t, raw, "oxfordshire_membership.csv", members).Commands {
		if err := b.decide(numbered.Command); !errors.Is(err, domain.ErrUnchanged) {
			t.Errorf("line %d: the extract says something new: %v", numbered.Line, err)
		}
	}
}

func TestEPCNIsSummarised(t *testing.T) {
	networks, members := latest.epcn(t, published(t, "oxfordshire_membership.csv"))
	made := enlisted(t, workbook(t, networks, members), "ePCN.xlsx", ofOxfordshire)
	want := `Recognised as: ePCN, of sub-ICB locations
73 memberships, the first from 1 October 2019: 64 open, 9 ended
  21 networks
  67 practices, 5 of them in more than one network over time
To register: 21 networks, 67 practices
Left out: 2 rows (not of commissioner 10Q)
Columns not read: Practice Parent Sub ICB Loc Code, Practice Parent Sub ICB Loc Name, PCN Parent Sub ICB Loc Name, Practice Sub ICB Loc and PCN Sub ICB Loc Match, Sub ICB Location, Open Date, Address Line 1, Postcode
`
	if diff := cmp.Diff(want, made.Summary.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAWorkbookWithMembershipsThatMeetIsRefusedBySheetAndRow(t *testing.T) {
	networks, members := latest.epcn(t, published(t, "oxfordshire_membership.csv"))
	everybody := ofOxfordshire
	everybody.Commissioner = ""
	made, err := intake.Memberships(bytes.NewReader(workbook(t, networks, members)), "/home/officer/ePCN.xlsx", everybody)
	checkRefused(t, made, err, "ePCN.xlsx, sheet PCN Core Partner Details", []at{{2, 10, "Practice to PCN Relationship End Date"}})
	if e, _ := errors.AsType[*intake.Error](err); e.Value != "20210401" || !strings.Contains(e.Reason, "by line 76, in U99474 from 1 April 2021") {
		t.Errorf("the error says: %v", e)
	}
}

func TestSheetsAreFoundByTheirHeadersAndRowsCountedAsASpreadsheetDoes(t *testing.T) {
	networks, members := latest.epcn(t, published(t, "oxfordshire_membership.csv"))
	networks.name, members.name = "Networks", "Members"
	blank := [][]any{nil, cells(" "), nil}
	members.rows = slices.Concat(blank, members.rows[:10], blank, members.rows[10:], blank)
	cover := sheet{"Cover", [][]any{cells("ePCN"), cells("Primary Care Networks, 25 October 2024")}}
	raw := workbook(t, cover, sheet{name: "Empty"}, members, networks)
	if made := enlisted(t, raw, "ePCN.xlsx", ofOxfordshire); made.Summary.Memberships.Open != 64 || len(made.Summary.LeftOut) != 1 {
		t.Errorf("%+v, left out %v", made.Summary.Memberships, made.Summary.LeftOut)
	}

	members.rows[20][8] = "1 October 2019"
	networks.rows[5][5] = "closed"
	made, err := intake.Memberships(bytes.NewReader(workbook(t, cover, members, networks)), "ePCN.xlsx", ofOxfordshire)
	if len(made.Commands) > 0 {
		t.Errorf("%d commands", len(made.Commands))
	}
	want := `ePCN.xlsx, sheet Members, line 21, column 9 (Practice to PCN Relationship Start Date): "1 October 2019" is not a date; write 2021-01-31 for 31 January 2021, as text: a workbook keeps its own dates as numbers
ePCN.xlsx, sheet Networks, line 6, column 6 (Close Date): "closed" is not a date; write 2021-01-31 for 31 January 2021, as text: a workbook keeps its own dates as numbers`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

func TestClosedNetworksAreCountedAndMembersBeyondTheDayWarnedOf(t *testing.T) {
	networks, members := latest.epcn(t, published(t, "oxfordshire_membership.csv"))
	for _, row := range networks.rows {
		if row[0] == "U23620" || row[0] == "U15230" {
			row[5] = "20240331"
		}
	}
	for _, row := range members.rows {
		switch row[0] {
		case "K84027": // of U15230
			row[9] = "20240331"
		case "K84054":
			row[9] = "20240401"
		}
	}
	networks.rows = append(networks.rows, cells("U17192", "COBHAM PCN", "10Q", "", "20231108", "20231109"))
	made := enlisted(t, workbook(t, networks, members), "ePCN.xlsx", ofOxfordshire)
	if got := made.Summary.Memberships; got.Networks != 22 || got.Closed != 3 || got.Registered != 22 {
		t.Errorf("%+v; want 22 networks, of which three are closed and one has no members", got)
	}
	want := []string{
		"U15230 ABINGDON CENTRAL PCN closed on 31 March 2024 and has 1 member beyond that day; recorded all the same",
		"U23620 BANBURY CROSS PCN closed on 31 March 2024 and has 1 member beyond that day; recorded all the same",
	}
	if diff := cmp.Diff(want, made.Summary.Warnings); diff != "" {
		t.Error(diff)
	}
}

func TestTheSheetOfNetworksNamesThem(t *testing.T) {
	networks, members := latest.epcn(t, published(t, "oxfordshire_membership.csv"))
	for _, row := range networks.rows {
		if row[0] == "U83604" {
			row[1] = "BICESTER AND VILLAGES PCN"
		}
	}
	made := enlisted(t, workbook(t, members, networks), "ePCN.xlsx", ofOxfordshire)
	if got := bodies(made)["ods:U83604"].Name; got != "BICESTER AND VILLAGES PCN" {
		t.Errorf("it is registered as %q", got)
	}
	alone := enlisted(t, workbook(t, members), "ePCN.xlsx", ofOxfordshire)
	if want := []string{"there is no sheet of networks, so whether one has closed is not known"}; !slices.Equal(alone.Summary.Warnings, want) {
		t.Errorf("without the sheet of networks: %q", alone.Summary.Warnings)
	}
}

func TestAWorkbookOfTheOxfordshireFormIsReadToo(t *testing.T) {
	raw := workbook(t, sheet{"Sheet1", [][]any{
		cells("Practice_code", "Practice_name", "PCN_code", "PCN_name", "Start", "End"),
		{"K84036", "MILL STREAM SURGERY", "U01367", "WALLINGFORD & SURROUNDS PCN", 20191001, nil},
		{"K84040", "HORSEFAIR SURGERY", "U23620", "BANBURY CROSS PCN", "2019-10-01", 20200525},
	}})
	want := []string{"U01367: K84036 2019-10-01–", "U23620: K84040 2019-10-01–2020-05-25"}
	if diff := cmp.Diff(want, inOneCommand(enlisted(t, raw, "members.xlsx", members))); diff != "" {
		t.Error(diff)
	}
}

// part is one file of a zip file, as it is or as it pretends to be.
type part struct {
	name    string
	content []byte
	size    uint64 // that it pretends to have
}

func zipped(t testing.TB, parts ...part) []byte {
	t.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, p := range parts {
		if p.size == 0 {
			to, err := w.Create(p.name)
			must(t, err)
			_, err = to.Write(p.content)
			must(t, err)
			continue
		}
		to, err := w.CreateRaw(&zip.FileHeader{
			Name: p.name, CRC32: crc32.ChecksumIEEE(p.content), CompressedSize64: uint64(len(p.content)), UncompressedSize64: p.size,
		})
		must(t, err)
		_, err = to.Write(p.content)
		must(t, err)
	}
	must(t, w.Close())
	return file.Bytes()
}

// with returns a workbook with one of its parts replaced.
func with(t testing.TB, raw []byte, replacement part) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	parts := []part{replacement}
	for _, f := range archive.File {
		if f.Name != replacement.name {
			parts = append(parts, part{name: f.Name, content: partOf(t, raw, f.Name)})
		}
	}
	return zipped(t, parts...)
}

func partOf(t testing.TB, raw []byte, name string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	from, err := archive.Open(name)
	must(t, err)
	defer from.Close()
	content, err := io.ReadAll(from)
	must(t, err)
	return content
}

const membersPart = "xl/worksheets/sheet2.xml"

func TestWorkbooksThatCannotBeWhollyReadAreRefused(t *testing.T) {
	networks, members := latest.epcn(t, published(t, "oxfordshire_membership.csv"))
	raw := workbook(t, networks, members)
	xml := partOf(t, raw, membersPart)
	flipped := slices.Clone(raw)
	from := bytes.Index(flipped, []byte(membersPart))
	flipped[from+len(membersPart)+400] ^= 0x10
	another := members
	another.name = "Copy of members"
	dated := sheet{members.name, slices.Clone(members.rows)}
	dated.rows[3] = slices.Clone(dated.rows[3])
	dated.rows[3][8] = time.Date(2019, time.October, 1, 0, 0, 0, 0, time.UTC)
	far := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		strings.Repeat(`<row><c r="XFD1" t="str"><v>x</v></c></row>`, 100) + `</sheetData></worksheet>`
	everybody := ofOxfordshire
	everybody.Commissioner = ""
	elsewhere := ofOxfordshire
	elsewhere.Commissioner = "ods:99Z"

	var wording strings.Builder
	for _, bad := range []struct {
		name string
		file []byte
		opts intake.MembershipOptions
		at   string // the sheet
		want []at
	}{
		{"a zip file is no workbook", zipped(t, part{name: "members.txt", content: []byte(memberHeader)}), everybody, "", []at{{}}},
		{"what unpacks to more than the memory should hold", with(t, raw, part{name: "xl/media/image1.png", content: make([]byte, 16<<20)}), everybody, "", []at{{}}},
		{"what says that it is larger than can be", with(t, raw, part{name: membersPart, content: xml, size: math.MaxUint64}), everybody, "", []at{{}}},
		{"what is larger than it says", with(t, raw, part{name: membersPart, content: xml, size: uint64(len(xml)) / 2}), everybody, "", []at{{}}},
		{"cells far to the right", with(t, raw, part{name: membersPart, content: []byte(far)}), everybody, "", []at{{}}},
		{"damage within a sheet", flipped, everybody, "", []at{{}}},
		{"a sheet that breaks off", with(t, raw, part{name: membersPart, content: xml[:len(xml)/2]}), everybody, "", []at{{}}},
		{"a sheet that breaks off between two rows", with(t, raw, part{name: membersPart, content: xml[:bytes.LastIndex(xml, []byte("<row"))]}), everybody, "", []at{{}}},
		{"a file that breaks off", raw[:len(raw)/2], everybody, "", []at{{}}},
		{"a workbook without a row", workbook(t, sheet{name: "Sheet1"}), everybody, "", []at{{}}},
		{"a workbook without memberships", workbook(t, networks, sheet{"Notes", [][]any{cells("About this file")}}), everybody, "", []at{{}}},
		{"two sheets of memberships", workbook(t, networks, members, another), everybody, "", []at{{}}},
		{"two sheets of networks", workbook(t, networks, members, sheet{"Old", networks.rows}), everybody, "", []at{{}}},
		{"a sheet without a column", workbook(t, networks, sheet{"Members", [][]any{cells(slices.Delete(slices.Clone(latest.partHeader), 8, 9)...)}}), everybody,
			", sheet Members", []at{{1, 0, "Practice to PCN Relationship Start Date"}}},
		{"a row wider than the header", workbook(t, networks, sheet{"Members", append(members.rows[:3:3], cells(strings.Split("ABCDEFGHIJKL", "")...))}), everybody,
			", sheet Members", []at{{line: 4}}},
		{"a workbook's own date", workbook(t, networks, dated), ofOxfordshire, ", sheet PCN Core Partner Details", []at{{4, 9, "Practice to PCN Relationship Start Date"}}},
		{"a network that stands twice", workbook(t, members, sheet{"Networks", append(networks.rows[:4:4], networks.rows[3])}), ofOxfordshire,
			", sheet Networks", []at{{5, 1, "PCN Code"}}},
		{"a network without a code", workbook(t, members, sheet{"Networks", append(networks.rows[:4:4], cells("U", "X", "10Q"))}), ofOxfordshire,
			", sheet Networks", []at{{5, 1, "PCN Code"}}},
		{"a commissioner that is not in the file", raw, elsewhere, "", []at{{field: "commissioner"}}},
	} {
		made, err := intake.Memberships(bytes.NewReader(bad.file), "ePCN.xlsx", bad.opts)
		fmt.Fprintf(&wording, "# %s\n%v\n\n", bad.name, err)
		t.Run(bad.name, func(t *testing.T) { checkRefused(t, made, err, "ePCN.xlsx"+bad.at, bad.want) })
	}
	// What the libraries say of damage is theirs to change.
	checkWording(t, "workbook-errors.golden", regexp.MustCompile(`cannot be read: [^;]*;`).ReplaceAllString(wording.String(), "cannot be read: …;"))
}
