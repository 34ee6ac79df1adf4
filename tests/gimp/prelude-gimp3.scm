; prelude-gimp3.scm: the dialect of GIMP 3. SPDX-License-Identifier: GPL-3.0-or-later

(define (name-results kinds values)
  (if (null? kinds)
      '()
      (cons (cons (caar kinds) (car values))
            (name-results (cdr kinds) (cdr values)))))

; "#:name" is a kind of its own to this interpreter, which its reader makes.
(define (keyword name) (read (open-input-string (string-append "#:" name " "))))

(define (keywords arguments)
  (if (null? arguments)
      '()
      (append (list (keyword (caar arguments)) (cdar arguments))
              (keywords (cdr arguments)))))

; drawable: one, or a list of them
(define (call-mode mode procedure image drawable . pairs)
  (let* ((table (table-of procedure))
         (arguments (with-values (car table) pairs))
         (drawables (if (list? drawable) (list->vector drawable) (vector drawable))))
    (name-results (cadr table)
                  (apply (eval (string->symbol procedure))
                         (append (list (keyword "run-mode") mode
                                       (keyword "image") image
                                       (keyword "drawables") drawables)
                                 (keywords arguments))))))

(define (call procedure image drawable . pairs)
  (apply call-mode (append (list RUN-NONINTERACTIVE procedure image drawable) pairs)))

(define (make-image width height type)
  (car (gimp-image-new width height type)))

(define (make-precise-image width height type precision)
  (car (gimp-image-new-with-precision width height type precision)))

(define (make-layer image width height type name)
  (let ((layer (car (gimp-layer-new image name width height type 100 LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image layer 0 0)
    layer))

(define (make-channel image name)
  (let ((channel (car (gimp-channel-new image name (car (gimp-image-get-width image))
                                        (car (gimp-image-get-height image)) 100 '(255 0 0)))))
    (gimp-image-insert-channel image channel 0 0)
    channel))

(define (make-group image name)
  (let ((group (car (gimp-group-layer-new image name))))
    (gimp-image-insert-layer image group 0 0)
    group))

(define (insert-layer image layer parent position)
  (gimp-image-insert-layer image layer parent position))

(define (set-offsets layer x y) (gimp-layer-set-offsets layer x y))
(define (offsets item) (gimp-drawable-get-offsets item))
(define (size item) (append (gimp-drawable-get-width item) (gimp-drawable-get-height item)))
(define (name-of item) (car (gimp-item-get-name item)))
(define (parent-of item) (car (gimp-item-get-parent item)))
(define no-item -1)
(define (visible? item) (= TRUE (car (gimp-item-get-visible item))))
(define (opacity-of layer) (car (gimp-layer-get-opacity layer)))
(define (group? item) (= TRUE (car (gimp-item-is-group item))))
(define (channel? item) (= TRUE (car (gimp-item-id-is-channel item))))
(define (layer? item) (= TRUE (car (gimp-item-id-is-layer item))))
(define (parasite-text item)
  (caddr (car (gimp-item-get-parasite item "featurescope"))))

(define (top-layers image) (vector->list (car (gimp-image-get-layers image))))
(define (children group) (vector->list (car (gimp-item-get-children group))))
(define (channels image) (vector->list (car (gimp-image-get-channels image))))

(define (selected image) (vector->list (car (gimp-image-get-selected-drawables image))))
(define (select-layers image layers)
  (gimp-image-set-selected-layers image (list->vector layers)))

(define (fill-color drawable color)
  (gimp-context-set-foreground color)
  (gimp-drawable-fill drawable FILL-FOREGROUND))

(define (image-width image) (car (gimp-image-get-width image)))
(define (base-of image) (car (gimp-image-get-base-type image)))
(define (image-of item) (car (gimp-item-get-image item)))
(define (delete-image image) (gimp-image-delete image))
(define (set-profile image file) (gimp-image-set-color-profile-from-file image file))
(define (make-indexed image)
  (gimp-image-convert-indexed image CONVERT-DITHER-NONE CONVERT-PALETTE-GENERATE 16 FALSE FALSE ""))
(define (add-mask layer)
  (let ((mask (car (gimp-layer-create-mask layer ADD-MASK-WHITE))))
    (gimp-layer-add-mask layer mask)
    mask))
(define (select-rectangle image x y width height)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE x y width height))
(define (load-image file) (car (gimp-file-load RUN-NONINTERACTIVE file)))
(define (save-image image drawable file) (gimp-file-save RUN-NONINTERACTIVE image file))
(define (remove-layer image layer) (gimp-image-remove-layer image layer))
(define (first-layer image) (car (top-layers image)))
(define (paste-floating drawable)
  (gimp-edit-copy (vector drawable))
  (gimp-edit-paste drawable FALSE))
(define (floating? image) (>= (car (gimp-image-get-floating-sel image)) 0))
(define (make-text image text)
  (let ((layer (car (gimp-text-layer-new image text (car (gimp-context-get-font)) 20 UNIT-PIXEL))))
    (gimp-image-insert-layer image layer 0 0)
    layer))
; All that are open, the newest first.
(define (images) (vector->list (car (gimp-get-images))))
(define (text? item) (= TRUE (car (gimp-item-id-is-text-layer item))))
(define (text-of layer) (car (gimp-text-layer-get-text layer)))
