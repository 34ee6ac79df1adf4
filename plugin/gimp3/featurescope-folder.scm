; The dialect of GIMP 3: plug-ins take arguments by name.

(define (featurescope-folder folder output action model arguments part parts)
  (plug-in-featurescope-folder #:run-mode RUN-NONINTERACTIVE
    #:images folder #:output output #:action action #:model model #:arguments arguments
    #:part part #:parts parts))

