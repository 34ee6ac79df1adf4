; The dialect of GIMP 2.10: all arguments of a procedure, in their order. The defaults here
; are those of the tables in plugin/; a test compares them.

(define featurescope-defaults
  '(("plug-in-featurescope-project"
     ("model" . "")
     ("layer" . "")
     ("map" . -1)
     ("count" . 1)
     ("unit" . "strongest")
     ("point-x" . 0)
     ("point-y" . 0)
     ("method" . "deconvnet")
     ("fit" . "crop")
     ("scale" . "layer")
     ("percentile" . 99.5)
     ("data" . "")
     ("threads" . 0))
    ("plug-in-featurescope-occlusion"
     ("model" . "")
     ("show" . "probability")
     ("labels" . "")
     ("size" . 0)
     ("step" . 0)
     ("fill" . "color")
     ("color" . "#808080")
     ("layer" . "")
     ("map" . -1)
     ("fit" . "crop")
     ("value" . "probability")
     ("change" . "change")
     ("colors" . "auto")
     ("range" . "own")
     ("low" . -1)
     ("high" . 1)
     ("smooth" . 1)
     ("opacity" . 65)
     ("legend" . 1)
     ("target" . "layer")
     ("data" . "")
     ("threads" . 0))
    ("plug-in-featurescope-classify"
     ("model" . "")
     ("count" . 5)
     ("fit" . "crop")
     ("threads" . 0))))

(define (featurescope-load file)
  (car (gimp-file-load RUN-NONINTERACTIVE file file)))

(define (featurescope-save-file image file)
  (gimp-file-save RUN-NONINTERACTIVE image (car (gimp-image-get-active-drawable image)) file file))

; The picture's own layer: a file with layers shows its lowest.
(define (featurescope-layer image)
  (let ((layers (cadr (gimp-image-get-layers image))))
    (vector-ref layers (- (vector-length layers) 1))))

; The defaults with the values of pairs in their places.
(define (featurescope-values defaults pairs)
  (for-each (lambda (pair)
              (if (not (assoc (car pair) defaults))
                  (error "Featurescope: no such argument:" (car pair))))
            pairs)
  (map (lambda (default) (cdr (or (assoc (car default) pairs) default))) defaults))

(define (featurescope-call procedure image pairs)
  (apply (eval (string->symbol procedure))
         (append (list RUN-NONINTERACTIVE image (featurescope-layer image))
                 (featurescope-values (cdr (assoc procedure featurescope-defaults)) pairs))))

; Of what the procedures return, in their order; a list is preceded by its length.
(define (featurescope-result-image values) (caddr values))
(define (featurescope-label values) (car values))
(define (featurescope-probability values) (vector-ref (list-ref values 4) 0))

