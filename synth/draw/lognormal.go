package draw

// Lognormal returns a number from a lognormal distribution with the given mean,
// whose median is 0.6 of the mean and whose 95th percentile about 3 times it:
// the heavy tail of images a study in CT and MR. It is at least 1, and at most
// most. The normal deviate is the sum of 12 uniform ones (Irwin-Hall), the
// exponential is in fixed point, so that every machine draws the same.
func (s *Stream) Lognormal(mean, most int) int {
	const (
		one   = 1 << 16
		sigma = 66245 // sqrt(2 ln(1/0.6)) = 1.0108, in 1/65536
		share = 39322 // 0.6
	)
	z := int64(-6 * one)
	for range 12 {
		z += int64(s.Uint64() >> 48)
	}
	n := int64(mean) * share >> 8 * (exp(z*sigma/one) >> 8) / one
	return int(min(max(n, 1), int64(most)))
}

// exp is e to the power of x, both in 1/65536, for x from -10 to 10: 2 to the
// whole part, times a series of the rest.
func exp(x int64) int64 {
	const (
		one = 1 << 16
		ln2 = 45426 // in 1/65536
	)
	whole := x / ln2
	rest := x % ln2
	if rest < 0 {
		whole, rest = whole-1, rest+ln2
	}
	sum, term := int64(one), int64(one)
	for k := int64(1); k < 12; k++ {
		term = term * rest / one / k
		sum += term
	}
	if whole < 0 {
		return sum >> -whole
	}
	return sum << whole
}
