; The dialect of GIMP 2.10: all arguments of a procedure, in their order. The build writes
; featurescope-defaults from the tables in plugin/ (defaults.c) and puts it behind this.

(define (featurescope-load file)
  (car (gimp-file-load RUN-NONINTERACTIVE file file)))

(define (featurescope-save-file image file)
  (gimp-file-save RUN-NONINTERACTIVE image (car (gimp-image-get-active-drawable image)) file file))

; The picture's own layer: a file with layers shows its lowest.
(define (featurescope-layer image)
  (let ((layers (cadr (gimp-image-get-layers image))))
    (vector-ref layers (- (vector-length layers) 1))))

; One of a pixel, for procedures that look at files.
(define (featurescope-empty-image)
  (let ((image (car (gimp-image-new 1 1 RGB))))
    (gimp-image-insert-layer image (car (gimp-layer-new image 1 1 RGB-IMAGE "empty" 100 LAYER-MODE-NORMAL))
                             0 0)
    image))

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

