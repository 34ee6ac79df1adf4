; What a procedure refuses is an error to the caller, and GIMP lives on: 2.10 once took the
; text's address for the length of the first result. SPDX-License-Identifier: GPL-3.0-or-later
(define image (make-image 64 64 RGB))
(define layer (make-layer image 64 64 RGB-IMAGE "photo"))

(for-each
 (lambda (procedure name value)
   (check-error procedure "nosuch" (error-of (call procedure image layer name value)))
   (check "layers afterwards" 1 (length (top-layers image))))
 '("plug-in-featurescope-project" "plug-in-featurescope-occlusion" "plug-in-featurescope-classify")
 '("layer" "labels" "model")
 '("nosuch" "nosuch" "/nosuch"))
(test-ok)
