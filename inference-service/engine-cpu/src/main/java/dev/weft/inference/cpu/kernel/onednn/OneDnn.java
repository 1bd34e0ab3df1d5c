package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.InstructionSet;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The oneDNN library in this process. oneDNN would start OpenMP workers that spin beside the
 * engine's own team; so each member of the team has the OpenMP runtime use one thread for its
 * calls, and works on its own slice.
 */
final class OneDnn {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

    /** OpenMP runtimes by the names their platforms give them. */
    private static final List<String> OPENMP =
            List.of("libgomp.so.1", "libomp.dylib", "libiomp5.dylib", "vcomp140.dll");

    private static final boolean IS_X86 =
            List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

    private final engine cpu;
    private final MethodHandle setThreads;
    private final ThreadLocal<stream> streams = ThreadLocal.withInitial(this::join);

    private OneDnn(engine cpu, MethodHandle setThreads) {
        this.cpu = cpu;
        this.setThreads = setThreads;
    }

    /**
     * The outcome of the only attempt: a library that could not be loaded leaves classes behind
     * that fail in other ways when they are asked for again.
     */
    private static final class Attempt {
        private static final Optional<OneDnn> OUTCOME = attempt();
    }

    /**
     * The library, or nothing if this platform has none; the log says why, once. Any thread; the
     * answer is the same for as long as the process runs.
     */
    static Optional<OneDnn> load() {
        return Attempt.OUTCOME;
    }

    private static Optional<OneDnn> attempt() {
        try {
            Loader.load(dnnl.class);
            limit(InstructionSet.highest());
            MethodHandle setThreads = openMpThreads();
            if (setThreads == null) {
                LOG.warn(
                        "oneDNN is not used, the Vector API's kernels serve: its OpenMP runtime,"
                                + " one of {}, was not found",
                        OPENMP);
                return Optional.empty();
            }
            return Optional.of(new OneDnn(new engine(engine.kind.cpu, 0), setThreads));
        } catch (LinkageError | RuntimeException e) {
            LOG.warn(
                    "oneDNN can't be loaded on this system, the Vector API's kernels serve: {}",
                    e.toString());
            return Optional.empty();
        }
    }

    /**
     * Limits the instruction set. It must be called before any other function of the library; later
     * it changes nothing.
     */
    private static void limit(InstructionSet highest) {
        switch (highest) {
            case AUTO -> {
                // ONEDNN_MAX_CPU_ISA holds
            }
            case AVX2 -> dnnl.dnnl_set_max_cpu_isa(dnnl.dnnl_cpu_isa_avx2);
            case AVX512 -> dnnl.dnnl_set_max_cpu_isa(dnnl.dnnl_cpu_isa_avx512_core);
            case AVX512_VNNI -> dnnl.dnnl_set_max_cpu_isa(dnnl.dnnl_cpu_isa_avx512_core_vnni);
            case AVX512_BF16 -> dnnl.dnnl_set_max_cpu_isa(dnnl.dnnl_cpu_isa_avx512_core_bf16);
        }
    }

    /** Whether it has more than its slow reference kernel here; else the log says why. */
    boolean isFastIn(Operands operands) {
        InputBlock inputs = InputBlock.of(operands, 256).getFirst();
        boolean isFast =
                isFast(
                        new OneDnnProduct.Key(
                                operands, OneDnnRoom.PACKED_FOR_ROWS, inputs, 256, 256));
        if (!isFast) {
            LOG.info(
                    "oneDNN has no fast kernel for {} on this processor, which it takes for {}",
                    operands.text(),
                    instructionSet());
        }
        return isFast;
    }

    /** Whether it has more than its slow reference kernel for a product. */
    boolean isFast(OneDnnProduct.Key key) {
        stream();
        try {
            OneDnnProduct.prepare(this, key);
            return true;
        } catch (RuntimeException e) {
            LOG.debug("{}", e.getMessage());
            return false;
        }
    }

    /**
     * The highest instruction set that oneDNN uses here, in the words of the settings, e.g. {@code
     * avx512-bf16}, or {@code amx}.
     */
    static String instructionSet() {
        if (has(dnnl.dnnl_cpu_isa_avx512_core_amx)) {
            return "amx";
        } else if (has(dnnl.dnnl_cpu_isa_avx512_core_bf16)) {
            return "avx512-bf16";
        } else if (has(dnnl.dnnl_cpu_isa_avx512_core_vnni)) {
            return "avx512-vnni";
        } else if (has(dnnl.dnnl_cpu_isa_avx512_core)) {
            return "avx512";
        } else if (has(dnnl.dnnl_cpu_isa_avx2)) {
            return "avx2";
        }
        return VectorMath.instructionSet();
    }

    /** The library's version and the highest instruction set that it uses here. */
    static String version() {
        dnnl_version_t version = dnnl.dnnl_version();
        return "oneDNN %d.%d.%d %s %s"
                .formatted(
                        version.major(),
                        version.minor(),
                        version.patch(),
                        version.hash().getString(),
                        instructionSet());
    }

    /**
     * Whether oneDNN uses these instructions here. That is true only on an x86: on Arm the numbers
     * mean other instructions.
     */
    private static boolean has(int instructions) {
        return IS_X86 && (dnnl.dnnl_get_effective_cpu_isa() & instructions) == instructions;
    }

    /**
     * Whether that instruction set multiplies numbers of a precision faster than floats: bf16 in
     * tiles, bytes in groups of four. Products of bf16 pairs (AVX-512 BF16) are no faster.
     */
    static boolean multiplies(Precision precision) {
        int needed =
                switch (precision) {
                    case BF16 -> dnnl.dnnl_cpu_isa_avx512_core_amx;
                    case INT8 -> dnnl.dnnl_cpu_isa_avx512_core_vnni;
                };
        return has(needed);
    }

    /**
     * Whether the processor multiplies bytes by AVX2's or the first AVX-512's instruction, which
     * sums pairs of products up in 16 bits, and has none that sums up in 32 (VNNI).
     */
    static boolean sumsPairsIn16Bits() {
        return has(dnnl.dnnl_cpu_isa_avx2)
                && !has(dnnl.dnnl_cpu_isa_avx2_vnni)
                && !has(dnnl.dnnl_cpu_isa_avx512_core_vnni);
    }

    engine engine() {
        return cpu;
    }

    /** The calling thread's stream; the first call makes its OpenMP calls single-threaded. */
    stream stream() {
        return streams.get();
    }

    /** Our memory as oneDNN sees it; it must stay alive as long as the result is used. */
    memory memory(memory.desc layout, MemorySegment data) {
        return new memory(layout, cpu, new Address(data.address()));
    }

    /** Writes our memory, which lies as {@code layout} says, in the layout of another one. */
    void reorder(memory.desc layout, MemorySegment data, memory target) {
        memory source = memory(layout, data);
        stream queue = stream();
        new reorder(source, target).execute(queue, source, target);
        queue._wait();
        source.deallocate();
    }

    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }

    private stream join() {
        try {
            setThreads.invokeExact(1);
        } catch (Throwable e) {
            throw new IllegalStateException("omp_set_num_threads failed", e);
        }
        return new stream(cpu);
    }

    @SuppressWarnings("restricted") // the one native function that JavaCPP does not map
    private static @Nullable MethodHandle openMpThreads() {
        for (String name : OPENMP) {
            try {
                return SymbolLookup.libraryLookup(name, Arena.global())
                        .find("omp_set_num_threads")
                        .map(address ->
                                Linker.nativeLinker()
                                        .downcallHandle(
                                                address,
                                                FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)))
                        .orElse(null);
            } catch (IllegalArgumentException e) {
                LOG.debug("no OpenMP runtime named {}", name);
            }
        }
        return null;
    }
}
