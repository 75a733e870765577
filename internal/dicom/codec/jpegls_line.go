package codec

// lossless encodes the current line of component c as it is. See T.87 figure A.1.
func (s *jpeglsScan) lossless(c int) {
	line := s.line[c]
	above := s.above[c][:len(line)]
	shift := uint(jpeglsSign+1-s.bits) & jpeglsSign // modulo RANGE, which is a power of two here
	for x := 1; x < len(line)-1; x++ {
		ra, rb, rc, rd := int(line[x-1]), int(above[x]), int(above[x-1]), int(above[x+1])
		if q := s.context(ra, rb, rc, rd); q != 0 {
			sign := q >> jpeglsSign
			ctx := &s.contexts[q^sign-sign]
			px := jpeglsPredict(ra, rb, rc) + (int(ctx.c) ^ sign - sign)
			px = min(max(px, 0), s.maxVal)
			e := (int(line[x]) - px) ^ sign - sign
			s.regular(ctx, e<<shift>>shift)
			continue
		}
		start := x
		for x < len(line)-1 && int(line[x]) == ra {
			x++
		}
		if x == len(line)-1 {
			s.run(c, x-start, false)
			return
		}
		s.run(c, x-start, true)
		rb = int(above[x])
		e, kind := int(line[x])-rb, 0
		switch {
		case ra == rb:
			kind = 1
		case ra > rb:
			e = -e
		}
		s.interruption(kind, e<<shift>>shift)
	}
}

// nearLossless encodes the current line of component c with an error of at most
// near, and reconstructs it as a decoder will. See T.87 figure A.1.
func (s *jpeglsScan) nearLossless(c int) {
	line := s.line[c]
	above, input := s.above[c][:len(line)], s.input[:len(line)]
	for x := 1; x < len(line)-1; x++ {
		ra, rb, rc, rd := int(line[x-1]), int(above[x]), int(above[x-1]), int(above[x+1])
		if q := s.context(ra, rb, rc, rd); q != 0 {
			sign := q >> jpeglsSign
			ctx := &s.contexts[q^sign-sign]
			px := jpeglsPredict(ra, rb, rc) + (int(ctx.c) ^ sign - sign)
			px = min(max(px, 0), s.maxVal)
			var e int
			e, line[x] = s.approach(int(input[x]), px, sign)
			s.regular(ctx, e)
			continue
		}
		start := x
		for x < len(line)-1 && int(input[x])-ra <= s.near && ra-int(input[x]) <= s.near {
			s.flipped |= int(input[x]) ^ ra
			line[x] = int32(ra)
			x++
		}
		if x == len(line)-1 {
			s.run(c, x-start, false)
			return
		}
		s.run(c, x-start, true)
		rb = int(above[x])
		px, kind, sign := rb, 0, 0
		switch {
		case ra-rb <= s.near && rb-ra <= s.near:
			px, kind = ra, 1
		case ra > rb:
			sign = -1
		}
		var e int
		e, line[x] = s.approach(int(input[x]), px, sign)
		s.interruption(kind, e)
	}
}

// approach returns the quantised error of a sample against its prediction, modulo
// RANGE, negated where sign is -1, and what it is reconstructed to. See T.87 A.4.4
// and A.4.5.
func (s *jpeglsScan) approach(ix, px, sign int) (e int, rx int32) {
	e = (ix - px) ^ sign - sign
	negative := e >> jpeglsSign
	e = int(uint64(e^negative-negative+s.near)*s.inverse>>32) ^ negative - negative
	r := min(max(px+((e*s.step)^sign-sign), 0), s.maxVal)
	s.flipped |= ix ^ r
	if e < -(s.rng / 2) {
		e += s.rng
	} else if e >= (s.rng+1)/2 {
		e -= s.rng
	}
	return e, int32(r)
}
