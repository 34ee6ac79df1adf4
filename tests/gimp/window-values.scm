; What a person sets in the dialog arrives, and is there again with the last values.
; keys ^Host Test$: alt+n ctrl+a type:23 Tab alt+y type:conv77 Escape alt+f Return
; after: ONCE
; keys ^Host Test$: Escape
(let* ((image (make-image 60 40 RGB))
       (layer (make-layer image 60 40 RGBA-IMAGE "photo")))
  (define (check-lines text)
    (for-each (lambda (line) (check line #t (has-text? line text)))
              '("top=23" "layer=conv77" "flip=true" "amount=2.5" "task=read" "model=\n")))
  (gimp-display-new image)
  (check-lines (result (call-mode RUN-INTERACTIVE demo image layer) "text"))
  (gimp-message "ONCE")
  ; Cancelled: no result, no error that a window would tell.
  (catch #t (call-mode RUN-INTERACTIVE demo image layer))
  (check-lines (result (call-mode RUN-WITH-LAST-VALS demo image layer) "text"))
  (check "a call without a person takes the defaults" #t
         (has-text? "top=9" (result (call demo image layer) "text")))
  (test-ok))
