; prelude.scm: what the tests need, the same for both hosts. SPDX-License-Identifier: GPL-3.0-or-later
; The runner defines `host`, then loads this, prelude-HOST.scm, the tables of arguments,
; and one test.

(define tables '())   ; ("procedure" (("argument" . default) ...) (("result" . kind) ...))

(define (table-of procedure)
  (let ((table (assoc procedure tables)))
    (if table (cdr table) (error "no such procedure" procedure))))

; The defaults with some of them replaced: pairs is ("name" value "name" value ...).
(define (replace-value name value arguments)
  (cond ((null? arguments) (error "no such argument" name))
        ((string=? name (caar arguments))
         (cons (cons name value) (cdr arguments)))
        (else (cons (car arguments) (replace-value name value (cdr arguments))))))

(define (with-values arguments pairs)
  (if (null? pairs)
      arguments
      (with-values (replace-value (car pairs) (cadr pairs) arguments) (cddr pairs))))

; What a call gave, by name: (result values "count")
(define (result values name)
  (let ((pair (assoc name values)))
    (if pair (cdr pair) (error "no such result" name))))

; Half a step of eight bits, and its rounding.
(define half-step 0.501)

(define (fail what wanted got)
  (gimp-message (string-append "FAILED: " what))
  (display wanted) (newline) (display got) (newline)
  (error what (list "wanted" wanted "got" got)))

(define (check what wanted got)
  (if (not (equal? wanted got)) (fail what wanted got)))

(define (check-near what wanted got tolerance)
  (if (not (and (number? got) (<= (abs (- wanted got)) tolerance)))
      (fail what wanted got)))

(define (check-pixel what wanted numbers tolerance)
  (let loop ((i 0) (wanted wanted))
    (if (pair? wanted)
        (begin
          (check-near (string-append what ", component " (number->string i))
                      (car wanted) (vector-ref numbers i) tolerance)
          (loop (+ i 1) (cdr wanted))))))

; #t if text contains part.
(define (has-text? part text)
  (let ((n (string-length part)))
    (let loop ((i 0))
      (cond ((> (+ i n) (string-length text)) #f)
            ((string=? part (substring text i (+ i n))) #t)
            (else (loop (+ i 1)))))))

; The text of the last error, which the interpreter hands to this hook. Not every GIMP prints an error that is caught.
(define last-error "")
(define (*error-hook* . reasons)
  (set! last-error (if (and (pair? reasons) (string? (car reasons))) (car reasons) "an error without a text"))
  (apply throw reasons))

; The text of the error that the expression ends in; #f if it ends well.
(macro (error-of form)
  `(catch last-error (begin ,(cadr form) #f)))

(define (check-error what wanted text)
  (if (not (and text (has-text? wanted text))) (fail what wanted text)))

(define (test-ok) (gimp-message "TEST OK"))

(define demo "plug-in-featurescope-hosttest")

; --- photos

; The rectangle stays selected.
(define (paint-rectangle image drawable color x y width height)
  (select-rectangle image x y width height)
  (gimp-context-set-foreground color)
  (gimp-drawable-edit-fill drawable FILL-FOREGROUND))

; A red photo with a blue rectangle.
(define (paint-photo image photo x y width height)
  (fill-color photo '(200 60 40))
  (paint-rectangle image photo '(30 90 220) x y width height))

; --- for windows: what a person does meanwhile

(define (wait-for what right?)
  (let loop ((tries 0))
    (cond ((right?) #t)
          ((> tries 200) (fail what "so" "not so"))
          (else (gimp-progress-pulse)
                (let wait ((i 0)) (if (< i 20000) (wait (+ i 1))))
                (loop (+ tries 1))))))

; An image with a red layer, as `change` makes it, and nothing to undo: the next step is all that can be undone.
(define (image-to-undo change)
  (let* ((image (make-image 60 40 RGB))
         (below (make-layer image 60 40 RGB-IMAGE "below")))
    (fill-color below '(200 60 40))
    (change image)
    (gimp-image-undo-disable image)
    (gimp-image-undo-enable image)
    image))
