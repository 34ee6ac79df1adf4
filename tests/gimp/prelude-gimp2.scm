; prelude-gimp2.scm: the dialect of GIMP 2.10. SPDX-License-Identifier: GPL-3.0-or-later

; Values in the PDB's order; a list is preceded by its length.
(define (name-results kinds values)
  (cond ((null? kinds) '())
        ((memq (cdar kinds) '(strings doubles items))
         (cons (cons (caar kinds) (cadr values))
               (name-results (cdr kinds) (cddr values))))
        (else
         (cons (cons (caar kinds) (car values))
               (name-results (cdr kinds) (cdr values))))))

(define (call-mode mode procedure image drawable . pairs)
  (let* ((table (table-of procedure))
         (arguments (map cdr (with-values (car table) pairs))))
    (name-results (cadr table)
                  (apply (eval (string->symbol procedure))
                         (append (list mode image drawable) arguments)))))

(define (call procedure image drawable . pairs)
  (apply call-mode (append (list RUN-NONINTERACTIVE procedure image drawable) pairs)))

; The names of GIMP 3.
(define PRECISION-U8-NON-LINEAR 150)
(define PRECISION-U16-NON-LINEAR 250)
(define PRECISION-U32-NON-LINEAR 350)
(define PRECISION-HALF-NON-LINEAR 550)
(define PRECISION-FLOAT-NON-LINEAR 650)
(define PRECISION-DOUBLE-NON-LINEAR 750)

(define (make-image width height type)
  (car (gimp-image-new width height type)))

(define (make-precise-image width height type precision)
  (car (gimp-image-new-with-precision width height type precision)))

(define (make-layer image width height type name)
  (let ((layer (car (gimp-layer-new image width height type name 100 LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image layer 0 0)
    layer))

(define (make-channel image name)
  (let ((channel (car (gimp-channel-new image (car (gimp-image-width image))
                                        (car (gimp-image-height image)) name 100 '(255 0 0)))))
    (gimp-image-insert-channel image channel 0 0)
    channel))

(define (make-group image name)
  (let ((group (car (gimp-layer-group-new image))))
    (gimp-item-set-name group name)
    (gimp-image-insert-layer image group 0 0)
    group))

(define (insert-layer image layer parent position)
  (gimp-image-insert-layer image layer parent position))

(define (set-offsets layer x y) (gimp-layer-set-offsets layer x y))
(define (offsets item) (gimp-drawable-offsets item))
(define (size item) (append (gimp-drawable-width item) (gimp-drawable-height item)))
(define (name-of item) (car (gimp-item-get-name item)))
(define (parent-of item) (car (gimp-item-get-parent item)))
(define no-item -1)
(define (visible? item) (= TRUE (car (gimp-item-get-visible item))))
(define (opacity-of layer) (car (gimp-layer-get-opacity layer)))
(define (group? item) (= TRUE (car (gimp-item-is-group item))))
(define (channel? item) (= TRUE (car (gimp-item-is-channel item))))
(define (layer? item) (= TRUE (car (gimp-item-is-layer item))))
(define (parasite-text item)
  (caddr (car (gimp-item-get-parasite item "featurescope"))))

(define (top-layers image) (vector->list (cadr (gimp-image-get-layers image))))
(define (children group) (vector->list (cadr (gimp-item-get-children group))))
(define (channels image) (vector->list (cadr (gimp-image-get-channels image))))

(define (selected image) (list (car (gimp-image-get-active-drawable image))))
(define (select-layers image layers) (gimp-image-set-active-layer image (car layers)))

(define (fill-color drawable color)
  (gimp-context-set-foreground color)
  (gimp-drawable-fill drawable FILL-FOREGROUND))

(define (image-width image) (car (gimp-image-width image)))
(define (base-of image) (car (gimp-image-base-type image)))
(define (image-of item) (car (gimp-item-get-image item)))
(define (delete-image image) (gimp-image-delete image))
; A URI here.
(define (set-profile image file)
  (gimp-image-set-color-profile-from-file image (string-append "file://" file)))
(define (make-indexed image)
  (gimp-image-convert-indexed image CONVERT-DITHER-NONE CONVERT-PALETTE-GENERATE 16 FALSE FALSE ""))
(define (add-mask layer)
  (let ((mask (car (gimp-layer-create-mask layer ADD-MASK-WHITE))))
    (gimp-layer-add-mask layer mask)
    mask))
(define (select-rectangle image x y width height)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE x y width height))
(define (load-image file) (car (gimp-file-load RUN-NONINTERACTIVE file file)))
(define (save-image image drawable file) (gimp-file-save RUN-NONINTERACTIVE image drawable file file))
(define (remove-layer image layer) (gimp-image-remove-layer image layer))
(define (first-layer image) (car (top-layers image)))
(define (paste-floating drawable)
  (gimp-edit-copy drawable)
  (gimp-edit-paste drawable FALSE))
(define (floating? image) (>= (car (gimp-image-get-floating-sel image)) 0))
