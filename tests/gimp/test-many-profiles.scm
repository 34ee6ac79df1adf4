; Pictures of as many colour profiles (many-profiles.c) in one session of GIMP: the babl of GIMP 2.10
; looks for conversions of ten before it ends GIMP. Each is opened, seen and saved; those that are gray or have
; a palette, 20 of them, in an image of colours.
; GIMP 3 holds more than thirty, and takes minutes for as many.
; only: gimp2
; profiles: 32
; sanitizers: no
(define pictures (string-append out-folder "/profiles"))

(let ((values (call-anywhere "plug-in-featurescope-folder" "images" pictures
                             "output" (string-append out-folder "/profiles-seen")
                             "action" "projection" "arguments" "count 1")))
  (check "each is done" 32 (result values "done")))

; The copy of a gray layer, or of one with a palette, has its colours; a group's layers, too.
(define (check-copy file group?)
  (let* ((image (load-image (string-append pictures "/" file)))
         (layer (first-layer image))
         (numbers (result (call demo image layer) "numbers"))
         (colours (map (lambda (i) (vector-ref numbers i)) '(0 1 2 3)))
         (above (if group? (make-group image "group") layer)))
    (if group? (gimp-image-reorder-item image layer above 0))
    (let* ((made (result (call demo image above "task" "add") "image"))
           (copy (cadr (top-layers made))))
      (check "another image" #f (= image made))
      (check-pixel (string-append "the copy of " file) colours
                   (result (call demo made (if group? (car (children copy)) copy)) "numbers") half-step)
      (delete-image made))
    (delete-image image)))
(check-copy "001.png" #f)
(check-copy "002.png" #f)
(check-copy "002.png" #t)
(check-copy "007.png" #t)

(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGB-IMAGE "photo")))
  (fill-color layer '(200 60 40))
  (let ((values (call "plug-in-featurescope-top" image layer "images" pictures "layer" "relu2"
                      "choose" "list" "maps" "0")))
    (check "each is a picture" 32 (result values "images"))
    (delete-image (result values "result-image")))
  (delete-image image))
(test-ok)
