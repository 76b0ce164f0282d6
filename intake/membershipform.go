package intake

import (
	"bytes"
	"fmt"
	"strings"

	"pcnledger/domain"
)

// A membershipForm is a form of file that says which practices belong to which networks: the names of its columns, ""
// for those it lacks, and where such files come from.
type membershipForm struct {
	name          string
	practice      string
	called        string // the practice's name
	network       string
	networkCalled string
	commissioner  string   // the network's
	from, to      string   // the first and the last day, YYYYMMDD; the last is blank while the membership goes on
	closed        string   // the day the practice closed; it may be missing
	not           []string // columns of other forms
	source        domain.Source
}

func (f membershipForm) title() string      { return f.name }
func (f membershipForm) excludes() []string { return f.not }

func (f membershipForm) columns() []string {
	return given(f.practice, f.called, f.network, f.networkCalled, f.commissioner, f.from, f.to)
}

// dated reports whether the file says from when to when.
func (f membershipForm) dated() bool { return f.from != "" }

// The forms. What they say of the source is part of the commands' content: another title would give new ids to files
// already imported. ePCN's two differ in the name of the commissioners, which changed in July 2022.
var membershipForms = []membershipForm{
	{
		// Gathered from ePCN by whoever wrote it: its title is asked for.
		name:     "memberships with their days",
		practice: "practice_code", called: "practice_name", network: "pcn_code", networkCalled: "pcn_name",
		from: "start", to: "end",
	},
	{
		name:     "practices with their networks, without dates",
		practice: "practice_code", called: "practice_name", network: "pcn_code", networkCalled: "pcn_name",
		closed: "close_date",
		not:    []string{"start", "end", "from", "to", "joined", "left", "as_of", "EXTRACT_DATE"},
	},
	practiceMap("map of practices and clinical commissioning groups (gp-reg-pat-prac-map)", "CCG_CODE"),
	practiceMap("map of practices and sub-ICB locations (gp-reg-pat-prac-map)", "SUB_ICB_LOCATION_CODE"),
	ePCN("ePCN, of clinical commissioning groups", "PCN Parent CCG Code"),
	ePCN("ePCN, of sub-ICB locations", "PCN Parent Sub ICB Loc Code"),
}

// practiceMap is the form of a map of practices, which says who is in which network on one day, and not since when. Its
// commissioners are the practices'.
func practiceMap(name, commissioner string) membershipForm {
	return membershipForm{
		name:     name,
		practice: "PRACTICE_CODE", called: "PRACTICE_NAME", network: "PCN_CODE", networkCalled: "PCN_NAME", commissioner: commissioner,
		not:    []string{"start", "end", "from", "to", "joined", "left", "as_of", "close_date"},
		source: registeredPatients,
	}
}

func ePCN(name, commissioner string) membershipForm {
	return membershipForm{
		name:     name,
		practice: "Partner Organisation Code", called: "Partner Name", network: "PCN Code", networkCalled: "PCN Name",
		commissioner: commissioner,
		from:         "Practice to PCN Relationship Start Date", to: "Practice to PCN Relationship End Date",
		source: domain.Source{
			Title:   "Primary Care Networks (ePCN), NHS Organisation Data Service",
			Address: "https://digital.nhs.uk/services/organisation-data-service",
			Licence: openGovernmentLicence,
			Note:    "first days as recorded; the records were opened on 1 October 2019, later than the networks they are of",
		},
	}
}

// A networkForm is a form of sheet that lists networks, beside the sheet of their members.
type networkForm struct {
	network, called, commissioner, closed string
}

func (f networkForm) title() string      { return "networks of ePCN" }
func (f networkForm) columns() []string  { return given(f.network, f.called, f.commissioner, f.closed) }
func (f networkForm) excludes() []string { return nil }

var networkForms = []networkForm{
	{network: "PCN Code", called: "PCN Name", commissioner: "Current Clinical Commissioning Group Code", closed: "Close Date"},
	{network: "PCN Code", called: "PCN Name", commissioner: "Current Sub ICB Loc Code", closed: "Close Date"},
}

// A membershipFile is a file of memberships, opened: the table of members and, in some workbooks, one of networks.
type membershipFile struct {
	form        membershipForm
	members     *table
	networkForm networkForm
	networks    *table // nil if there is none
}

var membershipSheets = wanted{sheets: "the sheets of networks and members", holds: "the memberships"}

// openMembershipFile tells what kind of file it is, opens its tables and tells their forms. A fault says why where that
// cannot be done.
func openMembershipFile(raw []byte, found *faults) (file membershipFile) {
	var tables []*table
	raw = unpackCSV(raw, found)
	switch {
	case found.any():
	case isZip(raw):
		tables = openWorkbook(raw, membershipSheets, found)
	case bytes.HasPrefix(raw, []byte("\xD0\xCF\x11\xE0")): // Microsoft's compound file: xls, and xlsx with a password
		found.add(Error{
			Reason: "this is a workbook in the form of before 2007 (xls), or one with a password",
			Remedy: "save it as xlsx without a password, and import that",
		})
	default:
		if checkCSV(raw, found); !found.any() {
			tables = append(tables, openTable(raw, found))
		}
	}
	if found.any() {
		return file
	}
	file.members, file.form = theTable(tables, membershipForms, "memberships", found)
	if file.members == nil && !found.any() {
		explainMemberships(tables, found)
	}
	if file.members != nil {
		file.networks, file.networkForm = theTable(tables, networkForms, "networks", found)
	}
	return file
}

// theTable returns the one table that has one of the forms, and its form. Two are a fault.
func theTable[F form](tables []*table, forms []F, of string, found *faults) (*table, F) {
	var only *table
	var its, none F
	for _, t := range tables {
		l := compare(t, forms)
		switch {
		case len(l.fits) == 0:
			continue
		case len(l.fits) > 1:
			l.explain(t, forms, "file of "+of)
			return nil, none
		case only != nil:
			found.add(Error{
				Reason: fmt.Sprintf("there are two sheets of %s: %s and %s", of, only.sheet, t.sheet),
				Remedy: "take out the one that does not count, in a copy of the workbook",
			})
			return nil, none
		}
		only, its = t, l.fits[0]
	}
	return only, its
}

// explainMemberships records why none of the tables is one of memberships: by what it lacks if one comes near.
func explainMemberships(tables []*table, found *faults) {
	var nearest *table
	var its likeness[membershipForm]
	var names []string
	for _, t := range tables {
		names = append(names, t.sheet)
		if l := compare(t, membershipForms); nearest == nil || its.far || (!l.far && len(l.lacking) < len(its.lacking)) {
			nearest, its = t, l
		}
	}
	switch {
	case nearest == nil:
		found.add(Error{
			Reason: "the workbook is empty",
			Remedy: "give one with a sheet of memberships below a header row",
		})
	case its.far && len(tables) > 1:
		found.add(Error{
			Value:  clip(strings.Join(names, "; ")),
			Reason: "no sheet of the workbook has the header row of memberships",
			Remedy: "give ePCN as published, or a sheet with the columns of one of these: " + known(membershipForms),
		})
	default:
		its.explain(nearest, membershipForms, "file of memberships")
	}
}
