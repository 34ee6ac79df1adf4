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

; Pictures of equal height side by side, with a gap.
(define (save-row file files)
  (let* ((gap 12)
         (row (make-image 100 100 RGB))
         (layers (map (lambda (name) (car (gimp-file-load-layer RUN-NONINTERACTIVE row name))) files))
         (height (apply min (map (lambda (layer) (cadr (size layer))) layers)))
         (paper (make-layer row 100 100 RGB-IMAGE "paper"))
         (x 0))
    (for-each
     (lambda (layer)
       (gimp-image-insert-layer row layer 0 0)
       (gimp-layer-scale layer (max 1 (round (/ (* (car (size layer)) height) (cadr (size layer)))))
                         height FALSE)
       (set-offsets layer x 0)
       (set! x (+ x gap (car (size layer)))))
     layers)
    (gimp-image-resize row (- x gap) height 0 0)
    (gimp-layer-resize-to-image-size paper)
    (fill-color paper '(255 255 255))
    (gimp-image-flatten row)
    (save-image row (first-layer row) file)
    (delete-image row)))

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

(define seen (car deconvnet))
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

(define (tile name shown)
  (let ((file (string-append temporary "/" name ".png")))
    (save-picture file shown seen)
    file))
(save-row (string-append out "-overview.png")
          (list (tile "photo" '())
                (tile "projection" (list (car guided)))
                (tile "probability" (car heat-maps))
                (tile "class" (cadr heat-maps))))

; What a person sees who opens the file: the photo under the first heat map.
(show-only (car heat-maps))
(save-image image drawable (string-append out ".xcf"))
(delete-image image)
(test-ok)
