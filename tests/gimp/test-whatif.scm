; What if: the filled selection is what the editor would fill; errors; layers and maps.
; prints: Without the selection: P(
(define whatif "plug-in-featurescope-whatif")
(define classify "plug-in-featurescope-classify")

(define image (make-image 90 60 RGB))
(define photo (make-layer image 80 50 RGB-IMAGE "photo"))
(set-offsets photo 5 6)
(select-layers image (list photo))
(paint-photo image photo 40 20 30 36)
(gimp-selection-none image)

(check-error "nothing selected" "Nothing is selected" (error-of (call whatif image photo)))

; Where the layer has no pixels nothing is filled.
(select-rectangle image 30 10 33 50)
(let* ((values (call whatif image photo "color" "#20c060"))
       (csv (string-append out-folder "/whatif.csv")))
  (check "no layer" 0 (vector-length (result values "layers")))
  (check "one layer in the image" (list photo) (top-layers image))
  (check "what went away" '("the selection") (result values "removed"))
  (gimp-context-set-background '(32 192 96))
  (check-near "the background colour is a colour like others"
              (vector-ref (result values "probabilities") 0)
              (vector-ref (result (call whatif image photo "fill" "background") "probabilities") 0)
              1e-5)

  ; The whole layer is looked at, the selection does not crop it.
  (gimp-context-set-foreground '(32 192 96))
  (gimp-drawable-edit-fill photo FILL-FOREGROUND)
  (gimp-selection-none image)
  (let ((plain (call classify image photo)))
    (check "the same labels" (result plain "labels") (result values "labels-after"))
    (let loop ((i 0))
      (if (< i 5)
          (begin
            (check-near "the same probability" (vector-ref (result plain "probabilities") i)
                        (vector-ref (result values "after") i) 1e-5)
            (loop (+ i 1))))))

  ; With the picture as a layer; a file of numbers.
  (select-rectangle image 30 10 33 50)
  (let* ((values (call whatif image photo "picture" TRUE "fill" "mean" "data" csv))
         (layer (vector-ref (result values "layers") 0)))
    (check "its name" #t (has-text? "What if · P(" (name-of layer)))
    (check "over what the net saw" '(50 50) (size layer))
    (check "there" '(20 6) (offsets layer))
    (check "the photo stays selected" (list photo) (selected image))
    (check "numbers" #t (file-exists? csv))
    (gimp-image-remove-layer image layer))
  (gimp-selection-none image))

(let ((values (call whatif image photo "remove" "map" "map" 3)))
  (check "the map" 3 (result values "map"))
  (check-near "is off" 0 (vector-ref (result values "activities") 0) 0))
(let ((values (call whatif image photo "remove" "layers" "layers" "conv1;relu7")))
  (check "two layers" '("conv1" "relu7") (result values "removed"))
  (check "five labels each" 10 (vector-length (result values "after"))))
(delete-image image)
(test-ok)
