package domain

import (
	"fmt"
	"math/big"
)

// WeeklyMinutes are minutes of access a week, in whole quarters of an hour.
type WeeklyMinutes int64

// quarterHour is what access hours are rounded to, up or down to the nearest: the Network Contract DES specification 2019/20,
// paragraph 4.6, as reproduced by a federation (bhnc.org.uk/extended-hour-access).
const quarterHour = 15

// AccessMinutes returns how long surgeries that a rate pays for are to be open a week for so many patients, rounded half away
// from zero; none if the rate asks for no hours.
func (r Rate) AccessMinutes(patients int64) (WeeklyMinutes, bool) {
	if r.Minutes == "" {
		return 0, false
	}
	quarters := Quantity(r.Minutes).rat()
	quarters.Mul(quarters, big.NewRat(patients, 1000*quarterHour))
	return quarterHour * WeeklyMinutes(roundRat(quarters)), true
}

// String writes hours and minutes: 25 h, 13 h 45 min.
func (m WeeklyMinutes) String() string {
	if m%60 == 0 {
		return fmt.Sprintf("%d h", m/60)
	}
	return fmt.Sprintf("%d h %d min", m/60, m%60)
}
