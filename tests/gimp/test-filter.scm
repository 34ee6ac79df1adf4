; The operations of GEGL as filters of GIMP 3, which has them in its own process.
; only: gimp3
; prints: featurescope: 
; sanitizers: no
(define project "plug-in-featurescope-project")

(define (filled image x y width height color)
  (paint-rectangle image (first-layer image) color x y width height)
  (gimp-selection-none image))

(define (new-photo)
  (let ((image (make-image 64 48 RGB)))
    (make-layer image 64 48 RGB-IMAGE "photo")
    (filled image 0 0 64 48 '(20 40 250))
    (filled image 20 8 9 30 '(250 200 10))
    (filled image 36 20 20 7 '(10 120 30))
    image))

(define (pixel drawable x y) (car (gimp-drawable-get-pixel drawable x y)))

(define (check-color what wanted got)
  (let loop ((wanted wanted) (got got) (n 0))
    (if (< n 3)
        (begin
          (check-near what (car wanted) (car got) 1.01)
          (loop (cdr wanted) (cdr got) (+ n 1))))))

(define (append-filter layer . properties)
  (apply gimp-drawable-append-new-filter
         (append (list layer "featurescope:projection" "live" LAYER-MODE-REPLACE 1.0) properties)))

; Places inside the 48 columns that the network sees.
(define places
  (let loop ((x 9) (y 3) (all '()))
    (cond ((> y 45) (reverse all))
          ((> x 55) (loop 9 (+ y 7) all))
          (else (loop (+ x 6) y (cons (cons x y) all))))))

; The colours there: of a layer whose corner lies at left; of what an image shows.
(define (colors drawable left)
  (map (lambda (place) (pixel drawable (- (car place) left) (cdr place))) places))

(define (plain? colors)
  (or (null? (cdr colors))
      (and (equal? (car colors) (cadr colors)) (plain? (cdr colors)))))

(define (seen image)
  (let* ((layer (car (gimp-layer-new-from-visible image image "seen")))
         (all (cons (pixel layer 3 20) (colors layer 0))))
    (gimp-item-delete layer)
    all))

(let* ((image (new-photo)) (photo (first-layer image))
       (layer (vector-ref (result (call project image photo "layer" "relu5" "map" -1) "layers") 0))
       (wanted (colors layer 8))
       (other (new-photo)) (below (first-layer other)))
  (append-filter below "layer" "relu5" "map" -1)
  (let ((first (seen other)))
    (check "the projection is not plain" #f (plain? wanted))
    (map (lambda (wanted got) (check-color "the filter shows the layer" wanted got)) wanted (cdr first))
    (check-color "beside it is the photo" '(20 40 250) (car first))
    (filled other 14 10 30 30 '(255 255 255))
    (check "a stroke below changes it" #f (equal? first (seen other))))
  (delete-image other)
  (delete-image image))

; An XCF file keeps the filter with its properties.
(let* ((image (new-photo)) (photo (first-layer image)) (file (string-append out-folder "/live.xcf")))
  (append-filter photo "layer" "relu2" "map" 5 "percentile" 90)
  (let ((before (seen image)))
    (save-image image photo file)
    (delete-image image)
    (let* ((again (load-image file)) (photo (first-layer again))
           (filters (car (gimp-drawable-get-filters photo))))
      (check "one filter is there again" 1 (vector-length filters))
      (check "and is ours" "featurescope:projection" (car (gimp-drawable-filter-get-operation-name (vector-ref filters 0))))
      (map (lambda (wanted got) (check-color "what is seen is the same" wanted got)) before (seen again))
      (filled again 14 10 30 30 '(255 255 255))
      (check "a stroke below it changes it still" #f (equal? before (seen again)))
      (delete-image again))))

(let* ((image (new-photo)) (photo (first-layer image)))
  (append-filter photo "layer" "nowhere")
  (let ((layer (car (gimp-layer-new-from-visible image image "seen"))))
    (check-color "a layer that is not there changes nothing" '(250 200 10) (pixel layer 22 20))
    (gimp-item-delete layer))
  (delete-image image))

(let* ((image (new-photo)) (photo (first-layer image)))
  (gimp-drawable-merge-new-filter photo "featurescope:occlusion" "live" LAYER-MODE-REPLACE 1.0
                                  "size" 32 "step" 32 "opacity" 100 "patience" 0)
  (check "a heat map can be merged" #f (equal? '(250 200 10) (pixel photo 22 20)))
  (delete-image image))
(test-ok)
