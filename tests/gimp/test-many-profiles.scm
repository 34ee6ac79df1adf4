; Sixty pictures of sixty colour profiles (many-profiles.c) in one session of GIMP: more than several
; versions of babl hold in a process (11 of 0.1.98, 33 of later ones). Each is counted.
; profiles: 60
(define pictures (string-append out-folder "/profiles"))

(let ((values (call-anywhere "plug-in-featurescope-folder" "images" pictures
                             "output" (string-append out-folder "/profiles-labels")
                             "action" "classify" "arguments" "count 1")))
  (check "a line for each" 60 (result values "done")))

(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGB-IMAGE "photo")))
  (fill-color layer '(200 60 40))
  (let ((values (call "plug-in-featurescope-top" image layer "images" pictures "layer" "relu2"
                      "choose" "list" "maps" "0")))
    (check "each is a picture" 60 (result values "images"))
    (delete-image (result values "result-image")))
  (delete-image image))
(test-ok)
