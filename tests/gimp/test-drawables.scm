; Every kind of drawable that a person may have selected, in every state: an action works on it or refuses it with
; a sentence. (All actions read what is selected in the same way, photo/seen.c.)
; sanitizers: no
(define project "plug-in-featurescope-project")
(define occlusion "plug-in-featurescope-occlusion")
(define classify "plug-in-featurescope-classify")
(define top "plug-in-featurescope-top")

; change: of a new image and its layer, gives what is looked at
(define (made change)
  (let* ((image (make-image 60 40 RGB))
         (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
    (fill-color layer '(200 60 40))
    (list image (change image layer))))

; The result lies in the image, which has one thing more at the top, or in one of its own.
(define (works what change)
  (let* ((both (made change))
         (before (length (top-layers (car both))))
         (values (call project (car both) (cadr both) "layer" "relu2" "count" 1))
         (image (result values "result-image")))
    (check what 1 (vector-length (result values "layers")))
    (check (string-append what ": the open image")
           (+ before (if (= image (car both)) 1 0)) (length (top-layers (car both))))
    (if (not (= image (car both))) (delete-image image))
    (delete-image (car both))))

(define (refused what sentence change)
  (let* ((both (made change))
         (before (length (top-layers (car both)))))
    (check-error what sentence (error-of (call project (car both) (cadr both) "layer" "relu2" "count" 1)))
    (check (string-append what ": nothing is added") before (length (top-layers (car both))))
    (delete-image (car both))))

(define (into-group image layer)
  (let ((group (make-group image "group")))
    (gimp-image-reorder-item image layer group 0)
    group))

; States of a layer.
(works "invisible" (lambda (image layer) (gimp-item-set-visible layer FALSE) layer))
(works "with locked pixels" (lambda (image layer) (gimp-item-set-lock-content layer TRUE) layer))
(works "with a locked position" (lambda (image layer) (gimp-item-set-lock-position layer TRUE) layer))
(works "with locked alpha" (lambda (image layer) (gimp-layer-set-lock-alpha layer TRUE) layer))

; Kinds.
(works "a mask" (lambda (image layer) (add-mask layer)))
(works "a channel" (lambda (image layer) (make-channel image "channel")))
(works "the selection" (lambda (image layer) (car (gimp-image-get-selection image))))
(works "a group" into-group)
(works "a group without layers" (lambda (image layer) (make-group image "group")))
(works "an invisible group"
       (lambda (image layer)
         (let ((group (into-group image layer))) (gimp-item-set-visible group FALSE) group)))
(works "an indexed layer" (lambda (image layer) (make-indexed image) (first-layer image)))
(works "a gray layer" (lambda (image layer) (gimp-image-convert-grayscale image) (first-layer image)))

; Layers that GIMP draws itself, since 3.2.
(define (into-image image layer)
  (insert-layer image layer 0 0)
  layer)
(define (linked image layer)
  (let ((file (string-append out-folder "/linked.png")))
    (save-image image layer file)
    (into-image image (car (gimp-link-layer-new image file)))))
(define (drawn image layer)
  (let ((path (car (gimp-path-new image "square"))))
    (gimp-image-insert-path image path 0 0)
    (gimp-path-bezier-stroke-new-moveto path 5 5)
    (into-image image (car (gimp-vector-layer-new image path)))))
(if (and (string=? host "gimp3") (not (has-text? "3.0." (car (gimp-version)))))
    (begin
      (works "a link layer" linked)
      (works "a vector layer" drawn)))

(refused "beside something that floats" "The image has a floating selection: anchor it first"
         (lambda (image layer)
           (select-rectangle image 0 0 10 10)
           (paste-floating layer)
           layer))
(refused "what floats" "The image has a floating selection: anchor it first"
         (lambda (image layer)
           (select-rectangle image 0 0 10 10)
           (paste-floating layer)
           (car (gimp-image-get-floating-sel image))))
; An answer alone adds nothing.
(let* ((image (make-image 20 20 RGB))
       (layer (make-layer image 20 20 RGB-IMAGE "photo")))
  (fill-color layer '(200 60 40))
  (select-rectangle image 0 0 10 10)
  (paste-floating layer)
  (check "classified beside something that floats" #t
         (string? (result (call "plug-in-featurescope-classify" image layer) "label")))
  (delete-image image))

; Places and sizes.
(works "on a smaller canvas" (lambda (image layer) (gimp-image-resize image 7 5 -3 -3) layer))
(works "outside of the canvas" (lambda (image layer) (set-offsets layer 1000 -1000) layer))
(works "one pixel" (lambda (image layer) (make-layer image 1 1 RGB-IMAGE "dot")))
(works "one column" (lambda (image layer) (make-layer image 1 40 RGB-IMAGE "line")))
(works "one pixel is selected" (lambda (image layer) (select-rectangle image 59 39 1 1) layer))
(refused "selected beside it" "The selection (3 × 4 pixels at 1, 2) lies outside the layer"
         (lambda (image layer)
           (set-offsets layer 1000 -1000)
           (select-rectangle image 1 2 3 4)
           layer))
(works "a part of 20,000 by 20,000 pixels"
       (lambda (image layer)
         (gimp-image-resize image 20000 20000 0 0)
         (gimp-layer-resize-to-image-size layer)
         (select-rectangle image 19000 19000 100 100)
         layer))

; Pixels that are no colours: NaN, infinite, far out of range.
(define (strange image layer)
  (gimp-image-convert-precision image PRECISION-FLOAT-LINEAR)
  (vector-ref (result (call demo image layer "task" "strange") "items") 0))

(let* ((both (made strange))
       (image (car both))
       (layer (cadr both))
       (probability (vector-ref (result (call classify image layer) "probabilities") 0)))
  (check-near "a probability" 0.5 probability 0.5)
  (let ((heat (result (call occlusion image layer "size" 100 "step" 50 "legend" FALSE "show" "all") "layers")))
    (check-near "a colour of the heat map" 128 (vector-ref (result (call demo image (vector-ref heat 0)) "numbers") 0) 128))
  (let ((shown (result (call project image layer "layer" "relu2" "count" 1) "layers")))
    (check-near "a colour of the projection" 128
                (vector-ref (result (call demo image (vector-ref shown 0)) "numbers") 0) 128))
  ; XCF is read by GIMP itself.
  (let ((folder (string-append out-folder "/strange")))
    (dir-make folder)
    (save-image image layer (string-append folder "/a.xcf"))
    (let ((values (call top image layer "images" folder "layer" "relu2" "choose" "list" "maps" "0")))
      (check "in a folder" 1 (result values "images"))
      (delete-image (result values "result-image"))))
  (delete-image image))
(test-ok)
