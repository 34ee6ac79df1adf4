; Twenty pictures of twenty colour profiles (many-profiles.c) in one session of GIMP: the babl of GIMP 2.10
; looks for conversions of ten before it ends GIMP. Each is opened, seen and saved.
; GIMP 3 holds more than thirty, and takes minutes for as many.
; only: gimp2
; profiles: 20
; sanitizers: no
(define pictures (string-append out-folder "/profiles"))

(let ((values (call-anywhere "plug-in-featurescope-folder" "images" pictures
                             "output" (string-append out-folder "/profiles-seen")
                             "action" "projection" "arguments" "count 1")))
  (check "each is done" 20 (result values "done")))

(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGB-IMAGE "photo")))
  (fill-color layer '(200 60 40))
  (let ((values (call "plug-in-featurescope-top" image layer "images" pictures "layer" "relu2"
                      "choose" "list" "maps" "0")))
    (check "each is a picture" 20 (result values "images"))
    (delete-image (result values "result-image")))
  (delete-image image))
(test-ok)
