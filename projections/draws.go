package projections

import "pcnledger/domain"

// draws keeps the draws of events: from which buckets of which accounts money was taken.
type draws struct {
	rows column[draw]
	owed column[owed]
}

// A draw is a [domain.Draw] on a place; owed is a row of what it used up of receivables, from 1, or 0.
type draw struct {
	pence domain.Pence
	place int32
	owed  int32
}

// An owed is a [domain.Owed] in words.
type owed struct {
	item                 text
	beneficiary, service word
}

// add keeps the draws of one line of an event on a fund.
func (d *draws) add(k *book, fund word, drawn []domain.Draw) span {
	first := d.rows.len()
	for i := range drawn {
		from := &drawn[i]
		row := draw{pence: from.Pence, place: k.place(from.Account, fund, k.bucket(&from.Bucket))}
		if from.Owed != (domain.Owed{}) {
			row.owed = 1 + d.owed.add(owed{k.texts.add(string(from.Owed.Item)), k.beneficiary(from.Owed.Beneficiary), k.service(from.Owed.For)})
		}
		d.rows.add(row)
	}
	return d.rows.since(first)
}

// of returns the draws of a line.
func (d *draws) of(k *book, line span) []domain.Draw {
	var drawn []domain.Draw
	for at := range line.rows() {
		row := d.rows.at(at)
		from := k.placeAt(row.place)
		back := domain.Draw{Account: from.Account, Bucket: from.Bucket, Pence: row.pence}
		if row.owed > 0 {
			o := d.owed.at(row.owed - 1)
			back.Owed = domain.Owed{
				Item: domain.ItemID(k.texts.text(o.item)), Beneficiary: domain.Body(k.words.text(o.beneficiary)), For: domain.Service(k.words.text(o.service)),
			}
		}
		drawn = append(drawn, back)
	}
	return drawn
}
