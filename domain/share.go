package domain

import (
	"fmt"
	"slices"
)

// sharer spreads lines over networks, each list added up once for a command.
type sharer struct {
	ledger *Ledger
	on     Date // the effective date
	past   bool // networks that were succeeded have their share
	sums   map[sharing]networkList
}

type sharing struct {
	list int64
	at   Date
}

// networkList is how many patients each network has by one list, on one day.
type networkList struct {
	networks []Body // in order of code
	patients map[Body]int64
	missing  map[Body][]Body // by network, its members that the list does not have
}

// spread returns a line as one line for each network that gets a part of it, in order of code, and warnings.
func (s *sharer) spread(line resolvedLine, share Share) ([]resolvedLine, []string, error) {
	list, err := s.list(share.List)
	if err != nil {
		return nil, nil, err
	}
	at := share.At
	if at == "" {
		at = s.on
	}
	sums := s.sumsOf(list, at)
	networks, err := s.among(sums, share.Among, list, at)
	if err != nil {
		return nil, nil, err
	}
	weights := make([]Weight, len(networks))
	for i, n := range networks {
		weights[i] = Weight{string(n), sums.patients[n]}
	}
	var lines []resolvedLine
	for i, pence := range Split(line.Pence, weights) {
		if pence == 0 {
			continue // too small a list for a penny: nothing to set aside
		}
		part := line
		part.Beneficiary, part.Pence = networks[i], pence
		part.Shared = Shared{List: list.number, Patients: weights[i].Amount}
		lines = append(lines, part)
	}
	return lines, missingWarning(networks, sums, list, at), nil
}

func missingWarning(networks []Body, sums networkList, list listState, at Date) []string {
	var missing []Body
	for _, n := range networks {
		missing = append(missing, sums.missing[n]...)
	}
	if len(missing) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("list %d lacks %d of the member practices of %s, %s the first: their networks share without them",
		list.number, len(missing), at, slices.Min(missing).Bare())}
}

// list returns the list with that number, or, for 0, the newest that stands for the effective date or an earlier day.
func (s *sharer) list(number int64) (listState, error) {
	var found listState
	for _, list := range s.ledger.lists {
		if list.population != PopulationRegistered {
			continue
		}
		if number != 0 && list.number == number {
			return list, nil
		}
		if number == 0 && list.standsFor <= s.on && list.usedFrom <= s.on && list.standsFor >= found.standsFor {
			found = list
		}
	}
	if found.number != 0 {
		return found, nil
	}
	if number != 0 {
		return found, refuse(RuleListUnknown, "name the event that recorded it: pcnledger show lists", "event %d is no registered list", number)
	}
	return found, refuse(RuleListUnknown, "import one: pcnledger import list-sizes FILE",
		"no registered list is recorded that stands for %s or an earlier day", s.on)
}

// sumsOf adds up a list by network, with the memberships of one day.
func (s *sharer) sumsOf(list listState, at Date) networkList {
	if known, ok := s.sums[sharing{list.number, at}]; ok {
		return known
	}
	sums := networkList{patients: map[Body]int64{}, missing: map[Body][]Body{}}
	for practice := range s.ledger.registry.enrolments {
		network := s.ledger.registry.networkOf(practice, at)
		if network == "" {
			continue
		}
		patients, listed := list.patients[practice]
		if !listed {
			sums.missing[network] = append(sums.missing[network], practice)
		}
		sums.patients[network] += patients
	}
	sums.networks = sortedKeys(sums.patients)
	if s.sums == nil {
		s.sums = map[sharing]networkList{}
	}
	s.sums[sharing{list.number, at}] = sums
	return sums
}

// among returns the networks of a share, or refuses one that has no patients by the list.
func (s *sharer) among(sums networkList, only []Body, list listState, at Date) ([]Body, error) {
	var total int64
	networks := sums.networks
	if len(only) > 0 {
		networks = slices.Compact(slices.Sorted(slices.Values(only)))
	}
	for _, n := range networks {
		if len(only) > 0 && sums.patients[n] == 0 {
			return nil, refuse(RuleShareEmpty, "leave it out, or record its members and their lists first",
				"%s has no patients in list %d with the memberships of %s", n.Bare(), list.number, at)
		}
		if err := s.current(n, sums.patients[n]); err != nil {
			return nil, err
		}
		total += sums.patients[n]
	}
	if total == 0 {
		return nil, refuse(RuleShareEmpty, "record memberships first, or give another day (at)",
			"no network has patients in list %d with the memberships of %s", list.number, at)
	}
	return networks, nil
}

// current refuses a share to a network that another has succeeded.
func (s *sharer) current(network Body, patients int64) error {
	if patients == 0 || s.past {
		return nil
	}
	return s.ledger.registry.current(network, "the network", s.on)
}
