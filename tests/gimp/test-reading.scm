; Pixels as the procedures get them: any base, precision, alpha, offset, selection.
; sanitizers: no
(define (numbers-of image drawable)
  (result (call demo image drawable "task" "read") "numbers"))

(define (filled precision base type color)
  (let* ((image (make-precise-image 8 6 base precision))
         (layer (make-layer image 8 6 type "x")))
    (fill-color layer color)
    (list image layer)))

(define (check-read what base type precision color wanted tolerance)
  (let* ((made (filled precision base type color))
         (numbers (numbers-of (car made) (cadr made))))
    (check-pixel what wanted numbers tolerance)
    (delete-image (car made))))

(for-each
 (lambda (precision)
   (check-read (string-append "RGB of precision " (number->string precision))
               RGB RGB-IMAGE precision '(200 100 50) '(200 100 50 255 8 6)
               ; half a step of linear light is 1.64 encoded ones at 50
               (if (= precision PRECISION-U8-LINEAR) 1.7 0.1))
   (check-read (string-append "gray of precision " (number->string precision))
               GRAY GRAY-IMAGE precision '(100 100 100) '(100 100 100 255)
               (if (= precision PRECISION-U8-LINEAR) 1.7 0.55)))
 (list PRECISION-U8-NON-LINEAR PRECISION-U8-LINEAR PRECISION-U16-NON-LINEAR
       PRECISION-HALF-NON-LINEAR PRECISION-FLOAT-LINEAR PRECISION-FLOAT-NON-LINEAR
       PRECISION-DOUBLE-NON-LINEAR))

; Indexed, by its palette.
(let* ((made (filled PRECISION-U8-NON-LINEAR RGB RGB-IMAGE '(200 100 50)))
       (image (car made)))
  (make-indexed image)
  (check-pixel "indexed" '(200 100 50 255) (numbers-of image (first-layer image)) 0.01)
  (check "its base" 2.0 (vector-ref (numbers-of image (first-layer image)) 17))
  (delete-image image))

; Where things are, and what is selected.
(let* ((made (filled PRECISION-U8-NON-LINEAR RGB RGBA-IMAGE '(10 20 30)))
       (image (car made))
       (layer (cadr made)))
  (set-offsets layer 3 -2)
  (let ((numbers (numbers-of image layer)))
    (check-pixel "place and no selection" '(10 20 30 255 8 6 3 -2 8 6 0 0 0 0 0 1 0 0)
                 numbers 0.01))
  (select-rectangle image 1 2 3 4)
  (check-pixel "a selection" '(10 20 30 255 8 6 3 -2 8 6 1 1 2 3 4 0) (numbers-of image layer) 0.01)
  (select-rectangle image 0 0 2 2)
  (check-pixel "the corner is selected" '(10 20 30 255 8 6 3 -2 8 6 1 0 0 2 2 1)
               (numbers-of image layer) 0.01)
  (let ((mask (add-mask layer)))
    (check-pixel "a mask" '(255 255 255 255 8 6) (numbers-of image mask) 0.01)
    (check "its kind" 3.0 (vector-ref (numbers-of image mask) 16)))
  (let ((channel (make-channel image "c")))
    (fill-color channel '(0 0 0))
    (check-pixel "a channel" '(0 0 0 255 8 6) (numbers-of image channel) 0.01)
    (check "its kind" 2.0 (vector-ref (numbers-of image channel) 16)))
  (let ((group (make-group image "g")))
    (gimp-image-reorder-item image layer group 0)
    (check "a group's kind" 1.0 (vector-ref (numbers-of image group) 16))
    (check-pixel "a group is as large as what is in it" '(3 -2 8 6)
                 (list->vector (list-tail (vector->list (numbers-of image group)) 6)) 0))
  (delete-image image))
(test-ok)
