#!/bin/sh
# Makes frames/ and index.json again: paints the pictures of synth/phantom, lets
# the reference codecs encode them, and notes the hashes of what the reference
# decoders give. It replaces the files only when everything agrees.
#
# Debian packages (12): libopenjp2-tools openjph-tools grokj2k-tools ffmpeg,
# and Go. Other versions of the encoders make other codestreams of the same
# samples.
set -eu
cd "$(dirname "$0")"
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir "$work/painted" "$work/frames"

go build -o "$work/dump" ./dump
"$work/dump" paint "$work/painted"

# quietly COMMAND...: what it says matters only when it fails.
quietly() {
	if ! "$@" >"$work/said" 2>&1 </dev/null; then
		echo "$*" >&2
		cat "$work/said" >&2
		exit 1
	fi
}

# The encoders know pictures by the ends of their names.
for picture in "$work"/painted/*.pnm; do
	kind=$(basename "$picture" .pnm)
	suffix=pgm
	case $kind in
	# What is lost is speckle and noise. The quality is the ratio of peak to error in
	# dB; the quantization step is relative to the range of the bits stored.
	grey8-*) quality=42 step=0.025 ;;
	grey12-*) quality=54 step=0.004 ;;
	grey16-*) quality=64 step=0.002 ;;
	colour-*) quality=40 step=0.03 suffix=ppm ;;
	esac
	in="$work/in.$suffix"
	cp "$picture" "$in"
	f="$work/frames"
	# opj_compress wants .j2k for a codestream without boxes.
	quietly opj_compress -i "$in" -o "$work/out.j2k"
	mv "$work/out.j2k" "$f/90-$kind.j2c"
	quietly opj_compress -i "$in" -o "$work/out.j2k" -I -q "$quality"
	mv "$work/out.j2k" "$f/91-$kind.j2c"
	quietly ojph_compress -i "$in" -o "$f/201-$kind.j2c" -reversible true -prog_order LRCP
	# 64 is high throughput; a tile-part for each of 4 resolutions. PS3.5 10.18.
	quietly grk_compress -H 1 -i "$in" -o "$work/out.j2k" -M 64 -p RPCL -u R -n 4
	mv "$work/out.j2k" "$f/202-$kind.j2c"
	quietly "$work/dump" tlm "$f/202-$kind.j2c"
	quietly ojph_compress -i "$in" -o "$f/203-$kind.j2c" -qstep "$step"
done

# encode CLIP SIZE RATE OUT OPTIONS...: YBR_PARTIAL_420 is of ITU-R BT.601, from 16
# to 235; the description of colour is the one that PS3.5 8.2.5 names for 25 Hz.
encode() {
	in="$work/painted/$1.rgb" size=$2 rate=$3 out="$work/frames/$4"
	shift 4
	quietly ffmpeg -nostdin -hide_banner -loglevel warning -y -fflags +bitexact \
		-f rawvideo -pix_fmt rgb24 -s "$size" -r "$rate" -i "$in" \
		-vf scale=out_color_matrix=bt601:out_range=tv:flags=bitexact+accurate_rnd,format=yuv420p,setsar=1 \
		-color_range tv -color_primaries bt470bg -color_trc gamma28 -colorspace bt470bg \
		-threads 1 -flags +bitexact "$@" "$out"
}

# Of MPEG-2 the profile 4 is Main; the level 8 is Main and 4 is High; rates and
# buffers are the largest of these (ISO/IEC 13818-2 8.2), which the streams do not
# come near. ffmpeg does not write the end code.
encode half 352x288 25 100-video.m2v -c:v mpeg2video -profile:v 4 -level:v 8 \
	-qscale:v 13 -maxrate 15M -bufsize 1835008 -g 12 -f mpeg2video
encode high 1280x720 25 101-video.m2v -c:v mpeg2video -profile:v 4 -level:v 4 -aspect 16:9 \
	-qscale:v 31 -maxrate 80M -bufsize 9781248 -g 24 -f mpeg2video
for file in 100 101; do
	printf '\000\000\001\267' >>"$work/frames/$file-video.m2v"
done

encode half 352x288 25 102-video.mp4 -c:v libx264 -profile:v high -crf 27 \
	-x264-params level=4.1:keyint=25 -movflags +faststart -f mp4
# Blu-ray wants a bounded rate, four slices, and a random access each second.
encode high 1280x720 24 103-video.ts -c:v libx264 -profile:v high -crf 34 \
	-x264-params level=4.1:bluray-compat=1:vbv-maxrate=15000:vbv-bufsize=15000:nal-hrd=vbr:slices=4:keyint=24 \
	-metadata service_provider=pacsuat -metadata service_name=SYNTHETIC -f mpegts
encode half 352x288 25 107-video.mp4 -c:v libx265 -profile:v main -crf 27 -tag:v hvc1 \
	-x265-params level-idc=5.1:high-tier=0:info=0:keyint=25:pools=none:frame-threads=1:log-level=error \
	-movflags +faststart -f mp4

"$work/dump" index "$work/frames" "$work/painted" >"$work/index.json"

rm -rf "$here/frames"
mv "$work/frames" "$here/frames"
mv "$work/index.json" "$here/index.json"
du -sh "$here/frames"
