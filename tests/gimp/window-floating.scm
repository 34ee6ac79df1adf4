; A floating selection, which takes no layers beside it, is told before anything is asked: no action opens a dialog.
; after: BROWSE TO FILTERS
; after: THE REST
(define image (make-image 60 40 RGB))
(define layer (make-layer image 60 40 RGB-IMAGE "photo"))
(fill-color layer '(200 60 40))
(select-rectangle image 0 0 10 10)
(paste-floating layer)
(gimp-display-new image)
(define floating (car (gimp-image-get-floating-sel image)))

(define (refused drawable)
  (lambda (name)
    (check-error name "The image has a floating selection: anchor it first"
                 (error-of (call-mode RUN-INTERACTIVE (string-append "plug-in-featurescope-" name) image drawable)))))
(for-each (refused floating) '("browse" "check" "classify" "compare" "correspondence" "evidence" "evolution" "filters"))
(gimp-message "BROWSE TO FILTERS")
(for-each (refused layer) '("invariance" "judge" "model" "occlusion" "project" "top" "whatif"))
(gimp-message "THE REST")
(test-ok)
