; The dialect of GIMP 3: plug-ins take arguments by name, and those left out
; have their defaults; what is built into GIMP takes them in their order.

(define (featurescope-load file)
  (car (gimp-file-load RUN-NONINTERACTIVE file)))

(define (featurescope-save-file image file)
  (gimp-file-save RUN-NONINTERACTIVE image file))

; "#:name" is a kind of its own to this interpreter; its reader makes one.
(define (featurescope-keyword name) (read (open-input-string (string-append "#:" name " "))))

(define (featurescope-keywords pairs)
  (if (null? pairs)
      '()
      (cons (featurescope-keyword (caar pairs))
            (cons (cdar pairs) (featurescope-keywords (cdr pairs))))))

; The picture's own layer: a file with layers shows its lowest.
(define (featurescope-layer image)
  (let ((layers (car (gimp-image-get-layers image))))
    (vector-ref layers (- (vector-length layers) 1))))

; One of a pixel, for procedures that look at files.
(define (featurescope-empty-image)
  (let ((image (car (gimp-image-new 1 1 RGB))))
    (gimp-image-insert-layer image (car (gimp-layer-new image "empty" 1 1 RGB-IMAGE 100 LAYER-MODE-NORMAL))
                             0 0)
    image))

(define (featurescope-call procedure image pairs)
  (apply (eval (string->symbol procedure))
         (append (list #:run-mode RUN-NONINTERACTIVE #:image image
                       #:drawables (vector (featurescope-layer image)))
                 (featurescope-keywords pairs))))

; Of what the procedures return, in their order.
(define (featurescope-result-image values) (cadr values))
(define (featurescope-label values) (car values))
(define (featurescope-probability values) (vector-ref (caddr values) 0))

