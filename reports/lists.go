package reports

import (
	"cmp"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

var lists = Definition{
	Name:  "lists",
	Title: "List sizes",
	Line:  "recorded lists of patients, added up by network",
	body: func(v *projections.Views, _ Options) body {
		every := func(projections.List) bool { return true }
		return body{
			tables: []Table{listTable(v, every), networkListTable(v), practiceListTable(v)},
			notes: []string{
				"A network's list is the sum of its members' lists, by the memberships of the day that the list stands for.",
			},
		}
	},
}

const recordListsFirst = "No list is recorded. Import one: pcnledger import list-sizes FILE"

// listTable describes the lists that are wanted.
func listTable(v *projections.Views, wanted func(projections.List) bool) Table {
	t := Table{
		Name: "lists", Title: "Lists", Empty: recordListsFirst,
		Columns: columns(of(KindNumber, "event"), of(KindText, "title", "counted"), of(KindDate, "stands for"),
			of(KindCount, "practices", "patients"), of(KindText, "source", "note")),
	}
	for _, l := range v.Registry.Lists() {
		if wanted(l) {
			t.row(number(l.Number), text(l.Source.Title), text(counted(l)), date(l.StandsFor), Count(len(l.Lines)), Count(l.Patients()),
				text(cmp.Or(l.Source.Address, l.Source.File)), text(l.Source.Note))
		}
	}
	return t
}

// counted says whom a list counts, and when.
func counted(l projections.List) string {
	if l.Average != "" {
		return string(l.Population) + ", average over " + string(l.Average)
	}
	return string(l.Population) + ", on " + l.At.String()
}

// A networkList is what the members of a network have together by one list.
type networkList struct {
	network             domain.Body
	practices, patients int64
}

func networkListTable(v *projections.Views) Table {
	t := Table{
		Name: "networks", Title: "By network", Empty: recordListsFirst,
		Columns: columns(of(KindNumber, "list"), of(KindOrganisation, "network"), of(KindCount, "practices", "patients")),
	}
	for _, l := range v.Registry.Lists() {
		for _, n := range networkLists(v, l) {
			t.row(number(l.Number), organisation(v, n.network), Count(n.practices), Count(n.patients))
		}
	}
	return t
}

// networkLists adds up a list by network; nobody stands for practices in no network.
func networkLists(v *projections.Views, l projections.List) []networkList {
	sums := map[domain.Body]networkList{}
	for _, line := range l.Lines {
		network := v.Registry.NetworkOf(line.Practice, l.StandsFor)
		sum := sums[network]
		sums[network] = networkList{network, sum.practices + 1, sum.patients + line.Patients}
	}
	all := make([]networkList, 0, len(sums))
	for _, sum := range sums {
		all = append(all, sum)
	}
	slices.SortFunc(all, func(a, b networkList) int { return cmp.Compare(a.network, b.network) })
	return all
}

func practiceListTable(v *projections.Views) Table {
	t := Table{
		Name: "practices", Title: "By practice", Empty: recordListsFirst, Detail: true,
		Columns: columns(of(KindNumber, "list"), of(KindOrganisation, "practice", "network"), of(KindCount, "patients"),
			of(KindText, "published")),
	}
	for _, l := range v.Registry.Lists() {
		for _, line := range l.Lines {
			t.row(number(l.Number), organisation(v, line.Practice), organisation(v, v.Registry.NetworkOf(line.Practice, l.StandsFor)),
				Count(line.Patients), text(line.Published))
		}
	}
	return t
}
