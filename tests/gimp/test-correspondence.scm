; Correspondence: the selections of two open images are one part, and the table is a new image.
; prints: random parts
; sanitizers: no
(define correspondence "plug-in-featurescope-correspondence")

(define (photo-of color x)
  (let* ((image (make-image 60 60 RGB))
         (layer (make-layer image 60 60 RGB-IMAGE "photo")))
    (fill-color layer color)
    (paint-rectangle image layer '(20 40 250) x 20 12 12)
    image))

(define image (photo-of '(200 60 40) 20))
(define photo (first-layer image))
(define other (photo-of '(40 200 60) 30))

(let* ((values (call correspondence image photo "layers" "relu1; relu7" "draws" 5))
       (made (result values "result-image"))
       (means (result values "means")))
  (check "two pictures" 2 (length (result values "pictures")))
  (check "a part and random ones, of two layers" 4 (vector-length means))
  (check "some signs differ" #t (< 0 (vector-ref means 0)))
  (check "not all do" #t (> 0.5 (vector-ref means 0)))
  (check "a table and the pictures" 2 (length (top-layers made)))
  (check "its name" "Correspondence of parts" (name-of (car (top-layers made))))
  (check "the same seed" means (let* ((again (call correspondence image photo "layers" "relu1; relu7" "draws" 5))
                                      (numbers (result again "means")))
                                 (delete-image (result again "result-image"))
                                 numbers))
  (delete-image made))
(gimp-selection-none other)
(check-error "no selection" "has no selection" (error-of (call correspondence image photo)))
(check-error "no masks" "No folder of masks" (error-of (call correspondence image photo "pictures" "folder"
                                                             "folder" root-folder)))
(check "the open image stays" (list photo) (top-layers image))
(delete-image other)
(check-error "one picture" "two pictures or more" (error-of (call correspondence image photo)))
(delete-image image)
(test-ok)
