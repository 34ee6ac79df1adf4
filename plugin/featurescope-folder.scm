; featurescope-folder.scm: an action of Featurescope over a folder of pictures.
; SPDX-License-Identifier: GPL-3.0-or-later
;
; The build puts this behind gimp2/ or gimp3/featurescope-folder.scm, which hold what differs
; between the two dialects; the result is one script in GIMP's folder "scripts".
;
; From a script: (script-fu-featurescope-folder FOLDER OUTPUT ACTION MODEL ARGUMENTS PART PARTS)
;
; FOLDER, OUTPUT  absolute paths; OUTPUT is made if need be
; ACTION          "projection", "occlusion" or "classify" (or 0, 1, 2)
; MODEL           an ONNX file, "": the built-in one
; ARGUMENTS       names and values in turn: "count 3 unit map labels \"tabby; tiger cat\""
; PART, PARTS     this call does every PARTS-th picture from the PART-th on, in order of
;                 name; 1 1: all of them
;
; Writes OUTPUT/NAME.xcf with all layers and OUTPUT/NAME.png as one sees it, or for
; "classify" the lines FILE, LABEL, PROBABILITY of OUTPUT/labels.txt. Files that are no
; pictures, or that the action refuses, are named and passed over.

(define featurescope-actions
  '(("projection" . "plug-in-featurescope-project")
    ("occlusion" . "plug-in-featurescope-occlusion")
    ("classify" . "plug-in-featurescope-classify")))

; --- lists

(define (featurescope-merge a b)
  (let loop ((a a) (b b) (merged '()))
    (cond ((null? a) (append (reverse merged) b))
          ((null? b) (append (reverse merged) a))
          ((string<? (car b) (car a)) (loop a (cdr b) (cons (car b) merged)))
          (else (loop (cdr a) b (cons (car a) merged))))))

(define (featurescope-sort names)
  (let loop ((lists (map list names)))
    (cond ((null? lists) '())
          ((null? (cdr lists)) (car lists))
          (else
           (let pair-up ((rest lists) (merged '()))
             (cond ((null? rest) (loop merged))
                   ((null? (cdr rest)) (loop (cons (car rest) merged)))
                   (else (pair-up (cddr rest)
                                  (cons (featurescope-merge (car rest) (cadr rest))
                                        merged)))))))))

; Every parts-th name from the part-th on.
(define (featurescope-part names part parts)
  (let loop ((names names) (index 1) (kept '()))
    (if (null? names)
        (reverse kept)
        (loop (cdr names) (if (= index parts) 1 (+ index 1))
              (if (= index part) (cons (car names) kept) kept)))))

; --- files

(define (featurescope-path folder name) (string-append folder DIR-SEPARATOR name))

; Names of the folder's files, sorted, without hidden ones.
(define (featurescope-files folder)
  (if (not (and (file-exists? folder) (= FILE-TYPE-DIR (file-type folder))))
      (error "Featurescope: no such folder:" folder))
  (let ((stream (dir-open-stream folder)))
    (let loop ((name (dir-read-entry stream)) (names '()))
      (if (string? name)
          (loop (dir-read-entry stream)
                (if (and (not (char=? #\. (string-ref name 0)))
                         (= FILE-TYPE-FILE (file-type (featurescope-path folder name))))
                    (cons name names)
                    names))
          (begin
            (dir-close-stream stream)
            (featurescope-sort names))))))

; "/a/b" of "/a/b/c"; #f of what has no parent.
(define (featurescope-parent folder)
  (let loop ((i (- (string-length folder) 1)))
    (cond ((<= i 0) #f)
          ((string=? DIR-SEPARATOR (substring folder i (+ i 1))) (substring folder 0 i))
          (else (loop (- i 1))))))

; With its parents, like mkdir -p.
(define (featurescope-make-folder folder)
  (if (not (file-exists? folder))
      (let ((parent (featurescope-parent folder)))
        (if parent (featurescope-make-folder parent))
        (dir-make folder)
        (if (not (file-exists? folder))
            (error "Featurescope: cannot make the folder" folder)))))

; --- what was asked for

(define (featurescope-action action)
  (let ((pair (if (number? action)
                  (list-ref featurescope-actions action)
                  (assoc action featurescope-actions))))
    (if (pair? pair)
        (cdr pair)
        (error "Featurescope: the action is projection, occlusion or classify, not" action))))

; The pairs of "count 3 unit map": ("count" . 3) ("unit" . "map").
(define (featurescope-arguments text)
  (define (word x) (if (symbol? x) (symbol->string x) x))
  (let loop ((rest (read (open-input-string (string-append "(" text "\n)")))) (pairs '()))
    (cond ((null? rest) (reverse pairs))
          ((null? (cdr rest)) (error "Featurescope: no value is given for" (word (car rest))))
          (else (loop (cddr rest)
                      (cons (cons (word (car rest)) (word (cadr rest))) pairs))))))

; --- one picture

(define (featurescope-save image file)
  (featurescope-save-file image (string-append file ".xcf"))
  (let ((copy (car (gimp-image-duplicate image))))
    (gimp-image-flatten copy)
    (featurescope-save-file copy (string-append file ".png"))
    (gimp-image-delete copy)))

(define (featurescope-write-label port name values)
  (for-each (lambda (x) (display x port))
            (list name "\t" (featurescope-label values) "\t"
                  (/ (round (* (featurescope-probability values) 10000)) 10000) "\n")))

; Runs the action and saves what comes of it. port: of labels, or #f.
(define (featurescope-do procedure arguments image output name port)
  (let ((values (featurescope-call procedure image arguments)))
    (if port
        (featurescope-write-label port name values)
        (let ((shown (featurescope-result-image values)))
          (featurescope-save shown (featurescope-path output name))
          (if (not (= shown image)) (gimp-image-delete shown))))
    #t))

; "done", "refused" (a picture, but not for the action) or "unreadable"
(define (featurescope-one procedure arguments folder output name port)
  (let ((image (catch #f (featurescope-load (featurescope-path folder name)))))
    (if image
        (let ((done (catch #f (featurescope-do procedure arguments image output name port))))
          (gimp-image-delete image)
          (if done "done" "refused"))
        "unreadable")))

; --- the folder

(define (featurescope-labels-file output part parts)
  (featurescope-path output
                     (if (= parts 1)
                         "labels.txt"
                         (string-append "labels-" (number->string part) "-of-"
                                        (number->string parts) ".txt"))))

; If nothing can be done, the reason most likely holds for all: the last picture that was
; refused is tried once more with its error let through.
(define (featurescope-each procedure arguments folder output names port)
  (let loop ((names names) (done 0) (passed-over 0) (refused #f))
    (if (pair? names)
        (let ((end (featurescope-one procedure arguments folder output (car names) port)))
          (if (string=? end "done")
              (loop (cdr names) (+ done 1) passed-over refused)
              (begin
                (gimp-message (string-append "Passed over, " end ": " (car names)))
                (loop (cdr names) done (+ passed-over 1)
                      (if (string=? end "refused") (car names) refused)))))
        (begin
          (if (and (= done 0) refused)
              (featurescope-do procedure arguments
                               (featurescope-load (featurescope-path folder refused))
                               output refused port))
          (gimp-message (string-append "Featurescope: " (number->string done) " done, "
                                       (number->string passed-over) " passed over"))))))

(define (script-fu-featurescope-folder folder output action model arguments part parts)
  (let* ((procedure (featurescope-action action))
         (pairs (append (if (string=? model "") '() (list (cons "model" model)))
                        (featurescope-arguments arguments)))
         (part (round part))
         (parts (round parts)))
    (if (not (<= 1 part parts))
        (error "Featurescope: the part must be from 1 to the number of parts, not" part))
    (if (string=? folder output)
        (error "Featurescope: results need a folder of their own, not" output))
    (let ((names (featurescope-part (featurescope-files folder) part parts)))
      (featurescope-make-folder output)
      (let ((port (if (string=? procedure "plug-in-featurescope-classify")
                      (open-output-file (featurescope-labels-file output part parts))
                      #f)))
        (featurescope-each procedure pairs folder output names port)
        (if port (close-output-port port))))))

(script-fu-register
 "script-fu-featurescope-folder"
 "Folder of Pictures..."
 "Runs an action of Featurescope over a folder of pictures and saves XCF and PNG"
 "Featurescope" "Featurescope, GPL-3.0-or-later" "2026" ""
 SF-DIRNAME "Pictures" ""
 SF-DIRNAME "Results" ""
 SF-OPTION "Action" '("Feature projection" "Occlusion sensitivity" "Classify")
 SF-FILENAME "Model (none: built in)" ""
 SF-STRING "Arguments" ""
 SF-ADJUSTMENT "Part" '(1 1 100000 1 10 0 1)
 SF-ADJUSTMENT "Of so many parts" '(1 1 100000 1 10 0 1))
(script-fu-menu-register "script-fu-featurescope-folder" "<Image>/Filters/Featurescope")
