; demo.scm: the demo's pictures, in the dialect of prelude.scm. SPDX-License-Identifier: GPL-3.0-or-later
; demo.sh defines: photo, the file; out, OUTDIR/NAME; temporary, a folder.

; A quarter of the built-in model's input: large enough to hide what matters.
(define square-size 32)

(define image (load-image photo))
; A gray or indexed image cannot hold the results: they would go into another one.
(if (not (= RGB (base-of image))) (gimp-image-convert-rgb image))
(define drawable (first-layer image))

(define (write-labels file values)
  (let ((port (open-output-file file)))
    (for-each
     (lambda (label probability)
       (display (/ (round (* probability 10000)) 10000) port)
       (display "\t" port)
       (display label port)
       (newline port))
     (vector->list* (result values "labels"))
     (vector->list* (result values "probabilities")))
    (close-output-port port)))

; String arrays are lists in both hosts, numbers come as vectors.
(define (vector->list* values) (if (vector? values) (vector->list values) values))

(define (items values) (vector->list* (result values "layers")))

; --- pictures of what is on top of the photo

(define results '())

(define (show-only shown)
  (for-each (lambda (item) (gimp-item-set-visible item (if (memv item shown) TRUE FALSE)))
            results))

; The image with these results on it, cut to what the network saw: a new image.
(define (picture shown rectangle-of)
  (show-only shown)
  (let ((copy (car (gimp-image-duplicate image))))
    (if rectangle-of
        (let ((place (offsets rectangle-of)) (extent (size rectangle-of)))
          (gimp-image-crop copy (car extent) (cadr extent)
                           (max 0 (car place)) (max 0 (cadr place)))))
    (gimp-image-flatten copy)
    copy))

(define (save-picture file shown rectangle-of)
  (let ((copy (picture shown rectangle-of)))
    (save-image copy (first-layer copy) file)
    (delete-image copy)))

; --- the three actions

(write-labels (string-append out "-labels.txt")
              (call "plug-in-featurescope-classify" image drawable "count" 5))

(define (project method)
  (items (call "plug-in-featurescope-project" image drawable
               "unit" "map" "count" 3 "method" method)))

(define deconvnet (project "deconvnet"))
(define guided (project "guided"))
(define heat (items (call "plug-in-featurescope-occlusion" image drawable
                          "show" "all" "size" square-size)))
(set! results (append deconvnet guided heat))

; A map with the legend above it; the sweep's order is probability, class, activity, and
; last the projection without a square, which has no legend.
(define (pairs-of items)
  (if (and (pair? items) (has-text? "Legend" (name-of (car items))))
      (cons (list (car items) (cadr items)) (pairs-of (cddr items)))
      '()))
(define heat-maps (pairs-of heat))
(check "heat maps" 3 (length heat-maps))

(define (numbered text number) (string-append out text (number->string number) ".png"))

(define (save-projections text projections)
  (let loop ((rest projections) (number 1))
    (if (pair? rest)
        (begin
          (save-picture (numbered text number) (list (car rest)) (car rest))
          (loop (cdr rest) (+ number 1))))))

(save-projections "-deconvnet-" deconvnet)
(save-projections "-guided-" guided)
(for-each
 (lambda (name pair) (save-picture (string-append out "-occlusion-" name ".png") pair #f))
 '("probability" "class" "activity") heat-maps)
(save-picture (string-append out "-unit.png") (list (list-ref heat 6)) (list-ref heat 6))

; All of it as one figure, to be gone on with, and as a picture.
(define figure (result (call "plug-in-featurescope-occlusion" image drawable
                             "show" "all" "size" square-size "target" "figure" "figure-width" 1200)
                       "result-image"))
(save-image figure (first-layer figure) (string-append out "-figure.xcf"))
(gimp-image-flatten figure)
(save-image figure (first-layer figure) (string-append out "-figure.png"))
(delete-image figure)

; What a person sees who opens the file: the photo under the first heat map.
(show-only (car heat-maps))
(save-image image drawable (string-append out ".xcf"))
(delete-image image)
(test-ok)
