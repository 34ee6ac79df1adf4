#!/bin/sh
# train.sh PROGRAM MAKE_PICTURES ROOT: featurescope-train learns, goes on, and says what is wrong. Prints TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
train=$(realpath "$1") make_pictures=$(realpath "$2") root=$(realpath "$3")
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
LC_ALL=C.UTF-8
LANGUAGE=en
export LC_ALL LANGUAGE
# For builds with sanitizers: what GEGL's modules keep for the process is not ours to free.
printf 'leak:%s\n' gegl libbabl libfontconfig > suppressions
ASAN_OPTIONS=${ASAN_OPTIONS:-}:fast_unwind_on_malloc=0
LSAN_OPTIONS=suppressions=$folder/suppressions:print_suppressions=0
export ASAN_OPTIONS LSAN_OPTIONS
number=0 bad=0

# check NAME CONDITION...
check() {
    name=$1
    shift
    number=$((number + 1))
    if "$@" > check.log 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' check.log
        bad=1
    fi
}

cat > net.ini << 'END'
[model]
name=stripes
input=16
[layers]
conv1=conv maps 8 size 3 pad 1
norm1=batchnorm
relu1=relu
pool1=maxpool size 2 stride 2
conv2=conv maps 8 size 3 pad 1
norm2=batchnorm
relu2=relu
drop2=dropout ratio 0.1
average=average
features=flatten
score=linear
probability=softmax
[augment]
crop=0.5;1
flip=0.5
brightness=0.2
mixup=0.1
plain-epochs=1
[training]
epochs=4
batch=16
rate=0.1
nesterov=yes
decay=0.0005
warmup-epochs=0.5
smoothing=0.05
average=0.9
END
"$make_pictures" data 20 40
mkdir bad-data
cp -r data/* bad-data/
echo nonsense > bad-data/down/broken.jpg
"$make_pictures" val 20 5

# run RECIPE OUT [OPTION...]: one thread, so that the same numbers come on every machine
run() {
    recipe=$1 out=$2
    shift 2
    "$train" "$recipe" --data data --out "$out" --threads 1 --split 0.2 "$@" > "$out.log" 2>&1
}
fails_with() {
    sentence=$1
    shift
    "$train" "$@" --threads 1 > fail.log 2>&1
    status=$?
    cat fail.log
    [ "$status" -gt 0 ] && [ "$status" -lt 100 ] && grep -qF "$sentence" fail.log
}
same() { cmp "$1.onnx" "$2.onnx" && cmp "$1.state" "$2.state"; }
differs() { ! cmp -s "$1" "$2"; }
held_out_above() {
    cat "$1.log"
    awk -v least="$2" '/^Held out/ { found = 1; if ($3 + 0 < least) exit 1 } END { exit !found }' "$1.log"
}

check "a small net learns" run net.ini a.onnx --val val
check "and knows what was held out" held_out_above a.onnx 85
check "an epoch is a line" test "$(grep -cE '^ +[1-4] ' a.onnx.log)" = 4
check "and a row of the CSV" test "$(wc -l < a.csv)" = 5
check "and a checkpoint" test "$(ls a-epochs | tr '\n' ' ')" = "epoch-001.onnx epoch-002.onnx epoch-003.onnx epoch-004.onnx "

run net.ini b.onnx --val val
check "the same seed gives the same weights" same a b
run net.ini c.onnx --val val --loaders 3
check "whatever the number of loaders" same a c
run net.ini c.onnx --val val --seed 2
check "another seed gives others" differs a.onnx c.onnx

# --- going on ---
interrupted() {
    "$train" net.ini --data data --out d.onnx --threads 1 --split 0.2 --val val > d.log 2>&1 &
    pid=$!
    for _ in $(seq 1000); do
        [ -e d-epochs/epoch-002.onnx ] && break
        sleep 0.01
    done
    kill "-$1" $pid
    wait $pid
    status=$?
    cat d.log
    echo "status $status"
    [ "$status" = "$2" ] && [ ! -e d-epochs/epoch-004.onnx ]
}
# Many more pictures, so that a signal comes before the end.
mv data small
"$make_pictures" data 20 300
run net.ini e.onnx --val val
check "a run that is told to stop says so" interrupted TERM 130
check "goes on" run net.ini d.onnx --val val --resume
check "as if it had not been stopped" same d e
check "with whole rows" test "$(cut -d, -f1 d.csv | tr '\n' ' ')" = "epoch 1 2 3 4 "
rm -rf d.onnx d-epochs d.state
check "a run that is killed" interrupted KILL 137
check "goes on as well" run net.ini d.onnx --val val --resume
check "to the same end" same d e
check "what is done is done" run net.ini d.onnx --val val --resume
check "and says so" grep -q "All 4 epochs are done" d.onnx.log
rm -rf data
mv small data

# --- what must be the same ---
cp a.state f.state
check "another recipe does not go on" fails_with "the recipe is another one now" \
    net.ini --data data --split 0.2 --out f.onnx --resume --set training.epochs=9
check "nor another seed" fails_with "the list of pictures is another one now" \
    net.ini --data data --split 0.2 --out f.onnx --resume --seed 2
check "nor fewer pictures" fails_with "the list of pictures is another one now" \
    net.ini --data val --split 0.2 --out f.onnx --resume
cp -r data more
mkdir more/zebra
cp data/down/*.ppm more/zebra/
check "nor other classes" fails_with "the list of classes is another one now" \
    net.ini --data more --split 0.2 --out f.onnx --resume
check "and validation has the same classes" fails_with "other classes than were expected" \
    net.ini --data data --val more --out g.onnx
head -c 3000 a.state > f.state
check "a state that is cut off is refused" fails_with "is no whole state" \
    net.ini --data data --split 0.2 --out f.onnx --resume
check "without a state there is nothing to go on with" fails_with "no training to go on with" \
    net.ini --data data --out none.onnx --resume

# --- bad input ---
mkdir single
cp -r data/down single/
check "one class" fails_with "one class only, “down”" net.ini --data single --out g.onnx
mkdir -p empty/one empty/two
check "no pictures" fails_with "There are no pictures" net.ini --data empty --out g.onnx
cp data/down/000.ppm empty/one/
check "an empty class" fails_with "The class “two” has no pictures" net.ini --data empty --out g.onnx
check "an unknown key" fails_with "unknown key “epoch”" net.ini --data data --out g.onnx --set training.epoch=1
check "sizes that do not fit" fails_with "Layer pool1: windows of 2 pixels" \
    net.ini --data data --out g.onnx --set model.input=1
check "a head that does not fit" fails_with "for 3 classes" \
    net.ini --data data --out g.onnx --set "layers.score=linear maps 7"
check "no flatten" fails_with "needs a “flatten” layer" \
    net.ini --data data --out g.onnx --set "layers.features=relu"
check "no recipe" fails_with "One recipe is needed" --data data --out g.onnx
check "no such recipe" fails_with "none.ini" none.ini --data data --out g.onnx
check "a name that is none of a model" fails_with "does not end in “.onnx”" net.ini --data data --out g.png
check "a rate that is too high" fails_with "the learning rate is too high" \
    net.ini --data data --out g.onnx --set training.rate=1000 --set training.epochs=30 --set layers.norm1=relu \
    --set layers.norm2=relu
passes_over() {
    "$train" net.ini --data bad-data --out h.onnx --threads 1 --set training.epochs=1 > h.log 2>&1
    status=$?
    cat h.log
    [ "$status" = 0 ] && grep -q broken.jpg h.log && grep -q "1 picture could not be read" h.log
}
check "a picture that cannot be read is named and passed over" passes_over

# --- a full disk ---
full_disk() {
    cp a.onnx full.onnx
    cp a.state full.state
    # 8 blocks of 512 bytes: less than a model takes, more than a row.
    (
        trap '' XFSZ
        ulimit -f 8
        "$train" net.ini --data data --split 0.2 --out full.onnx --threads 1 --set layers.conv2="conv maps 64 size 3 pad 1"
    ) > full.log 2>&1
    status=$?
    cat full.log
    [ "$status" = 1 ] && grep -q "cannot be written" full.log && cmp a.onnx full.onnx && cmp a.state full.state &&
        [ ! -e full.onnx.part ] && [ ! -e full.state.part ]
}
check "a full disk is told, and leaves what was there" full_disk

# --- from another net ---
cat > head.ini << 'END'
[model]
name=a new last layer
init=a.onnx
from=relu2
freeze=cells
[layers]
cells=cells count 3
flat=flatten
score2=linear
probability2=softmax
[augment]
flip=0.5
[training]
epochs=10
batch=8
rate=0.05
END
check "a new head on frozen features" run head.ini i.onnx --choose
check "measures on the tenth that chooses" grep -qE '^ +10 .*%.*%.*%.*%' i.onnx.log
check "and does not look at what is held out" sh -c '! grep -q "Held out" i.onnx.log'
cat > tune.ini << 'END'
[model]
name=fine-tuned
init=a-unfolded.onnx
head=new
[training]
epochs=2
batch=16
rate=0.02
END
check "a whole net goes on with a new head" run tune.ini j.onnx
check "and is soon as good" held_out_above j.onnx 80
check "a net for other classes is refused" fails_with "“head = new” makes a new last layer" \
    tune.ini --data more --out k.onnx --set model.head=keep
check "a net learns from a teacher" run net.ini l.onnx --teacher a.onnx --set teacher.temperature=2 \
    --set teacher.input=20
check "a teacher for other classes is refused" fails_with "The teacher tells 3 classes apart and the data have 4" \
    net.ini --data more --out k.onnx --teacher a.onnx

# --- several things in a picture ---
mkdir -p voc/JPEGImages voc/Annotations voc/ImageSets/Main
for i in $(seq 10 39); do
    for class in across down slope; do
        cp "data/$class/0$i.ppm" "voc/JPEGImages/$class$i.jpg"
        echo "<annotation><object><name>$class</name></object></annotation>" > "voc/Annotations/$class$i.xml"
        [ "$i" -lt 34 ] && list=train || list=val
        echo "$class$i" >> "voc/ImageSets/Main/$list.txt"
    done
done
voc() { "$train" net.ini --data voc --out v.onnx --threads 1 "$@" > v.log 2>&1; }
check "PASCAL VOC" voc --set layers.probability=sigmoid --set augment.mixup=0
check "has its precision measured" grep -q "training  validation  images" v.log
voc_head() { "$train" head.ini --data voc --out w.onnx --threads 1 --set layers.probability2=sigmoid > w.log 2>&1; }
check "and a new last layer on frozen features" voc_head
check "has its precision measured too" grep -q "training  validation  images" w.log
check "needs another end than a softmax" fails_with "ends in “sigmoid”" net.ini --data voc --out v.onnx

# --- what ships ---
documented() {
    missing=
    for word in $(grep -oE 'KEY\("[a-z]+", "[a-z-]+"' "$root/models/train/recipe/recipe.c" | cut -d'"' -f4) \
        $(grep -oE '\] = \{"[a-z]+"' "$root/models/train/recipe/layer.c" | cut -d'"' -f2); do
        grep -qE "\`$word\`" "$root/docs/training.md" || missing="$missing $word"
    done
    echo "missing:$missing"
    [ -z "$missing" ]
}
check "docs/training.md has every key and layer" documented
shipped_recipes() {
    for recipe in "$root"/models/recipes/*.ini; do
        name=$(basename "$recipe")
        # There is no such folder; a mistake in the recipe would be told before, with the recipe's name.
        "$train" "$recipe" --data nowhere --out x.onnx --init none.onnx > recipe.log 2>&1
        grep -q "$name:" recipe.log && cat recipe.log && return 1
        grep -qE "(^|[ \`])${name%.ini}([.; ]|$)" "$root/docs/experiments.md" "$root/models/README.md" || {
            echo "$name is in no document"
            return 1
        }
    done
    return 0
}
check "the recipes that ship are whole, and documented" shipped_recipes

# --- the file elsewhere ---
number=$((number + 1))
if /usr/bin/python3 -c 'import onnx' 2> /dev/null; then
    if /usr/bin/python3 - > check.log 2>&1 << 'END'
import onnx
for name in "a", "a-unfolded", "i", "j", "v":
    model = onnx.load(name + ".onnx")
    onnx.checker.check_model(model, full_check=True)
    kinds = [node.op_type for node in model.graph.node]
    assert ("BatchNormalization" in kinds) == (name == "a-unfolded"), (name, kinds)
said = {entry.key: entry.value for entry in onnx.load("a.onnx").metadata_props}
assert said["labels"] == "across\ndown\nslope", said
assert said["input.mean"] == "0.48 0.45 0.4", said
assert "epoch 4 of 4" in said["training"] and "%" in said["training.held-out"], said
assert "conv1=conv maps 8" in said["recipe"], said
END
    then
        echo "ok $number - the official checker takes what was written"
    else
        echo "not ok $number - the official checker takes what was written"
        sed 's/^/# /' check.log
        bad=1
    fi
else
    echo "ok $number - the official checker # SKIP python3-onnx is not here"
fi
echo "1..$number"
exit $bad
