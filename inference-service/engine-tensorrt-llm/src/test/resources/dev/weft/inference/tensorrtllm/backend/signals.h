/* What the libraries below TensorRT-LLM do to a process's signal handlers. */
#ifndef WEFT_SIGNALS_H
#define WEFT_SIGNALS_H

/*
 * As tensorrt_llm::mpi::initialize (cpp/tensorrt_llm/runtime/utils/mpiUtils.cpp), once in a process: handlers of SIGABRT
 * and SIGSEGV that end it.
 */
void steal_as_mpi(void);

/*
 * As UCX, which Open MPI loads: handlers of the signals that UCX_ERROR_SIGNALS lists, by a sigaction that no preloaded
 * library sees. None where the list is empty, four where the variable is not set.
 */
void steal_as_ucx(void);

/* Has the process's regular end hang, as MPI_Finalize does where the other side is gone. */
void hang_at_exit(void);

#endif
