; Calls from C with arguments missing, NULL and out of range: defaults or an error.
; only: gimp2
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
  (check "statuses"
         "success success success calling-error calling-error success"
         (car (plug-in-featurescope-caller image layer)))
  (delete-image image)
  (test-ok))
