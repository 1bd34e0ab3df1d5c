package dev.weft.format.lora.weight;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.name.ExpertPath;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.NormPath;
import dev.weft.format.lora.name.StackPath;
import dev.weft.format.lora.name.TensorName;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.name.TensorPlace;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The matrices of an adapter's file by module, after the checks that need no configuration: names,
 * layers, types, finite values.
 */
public final class AdapterTensors {
    private record Key(TensorPlace place, Side side) {}

    private final String file;
    private final DecoderShape base;
    private final Reasons reasons;
    private final boolean valuesKnown;
    private final Map<Key, Tensor> tensors = new HashMap<>();
    private final Map<Key, WeightScan> scans = new HashMap<>();
    private final Set<String> adapterNames = new HashSet<>();

    /**
     * Takes the tensors of a file.
     *
     * @param file its name, for reasons
     * @param valuesKnown their values have been read and accepted before
     */
    public AdapterTensors(
            String file,
            Collection<Tensor> tensors,
            DecoderShape base,
            Reasons reasons,
            boolean valuesKnown) {
        this.file = file;
        this.base = base;
        this.reasons = reasons;
        this.valuesKnown = valuesKnown;
        tensors.forEach(this::add);
        if (adapterNames.size() > 1) {
            reasons.refuse(
                    LoraFault.DUPLICATE_TENSOR,
                    at(),
                    adapterNames.stream().sorted().toList().toString(),
                    "tensors of one adapter",
                    "holds several adapters");
        }
    }

    Reasons.Location at(String tensor) {
        return new Reasons.Location(file, tensor);
    }

    /** The place of the whole file. */
    Reasons.Location at() {
        return new Reasons.Location(file, null);
    }

    /** True if the file has no tensor that could change anything. */
    boolean isEmpty() {
        return tensors.isEmpty();
    }

    boolean has(TensorPlace module) {
        return Arrays.stream(Side.values()).anyMatch(side -> get(module, side).isPresent());
    }

    Optional<Tensor> get(TensorPlace module, Side side) {
        return Optional.ofNullable(tensors.get(new Key(module, side)));
    }

    /** True if every value of the matrix is known to be zero. */
    boolean isZero(TensorPlace module, Side side) {
        WeightScan scan = scans.get(new Key(module, side));
        return scan != null && scan.zero();
    }

    Set<ModulePath> modules() {
        Set<ModulePath> modules = new HashSet<>();
        for (Key key : tensors.keySet()) {
            if (key.place instanceof ModulePath module) {
                modules.add(module);
            }
        }
        return modules;
    }

    /** Linear layers of experts, in the order of their names. */
    List<ExpertPath> experts() {
        return tensors.keySet().stream()
                .map(Key::place)
                .filter(ExpertPath.class::isInstance)
                .map(ExpertPath.class::cast)
                .distinct()
                .sorted(Comparator.comparing(TensorPlace::text))
                .toList();
    }

    /** Embedding, head and norms, in the order of their names. */
    List<TensorPlace> surroundings() {
        return tensors.keySet().stream()
                .map(Key::place)
                .filter(place -> place instanceof Edge || place instanceof NormPath)
                .distinct()
                .sorted(Comparator.comparing(TensorPlace::text))
                .toList();
    }

    private void add(Tensor tensor) {
        switch (TensorName.parse(tensor.name())) {
            case TensorName.Foreign foreign ->
                    reasons.refuse(
                            foreign.fault(),
                            at(tensor.name()),
                            tensor.name(),
                            "LoRA tensors of " + ModulePath.names(base.allModules()),
                            foreign.why());
            case TensorName.Unused _ -> {}
            case TensorName.Half half -> add(half, tensor);
        }
    }

    private void add(TensorName.Half half, Tensor tensor) {
        boolean known =
                switch (half.place()) {
                    case ModulePath module -> isModule(module, tensor);
                    case Edge edge -> isKnown(base.around().tokens() > 0, edge, tensor);
                    case ExpertPath expert ->
                            isKnown(
                                    base.around().experts().containsKey(expert.layer()),
                                    expert,
                                    tensor);
                    case StackPath stack ->
                            isKnown(
                                    base.around().experts().containsKey(stack.layer()),
                                    stack,
                                    tensor);
                    case NormPath norm ->
                            isKnown(base.around().norms().containsKey(norm.text()), norm, tensor);
                };
        if (!known) {
            return;
        }
        String adapter = half.adapter();
        if (half.side() != Side.WEIGHT && half.side() != Side.BASE) {
            adapterNames.add(adapter == null ? "" : adapter);
        }
        Key key = new Key(half.place(), half.side());
        Tensor other = tensors.putIfAbsent(key, tensor);
        if (other != null && isSame(tensor, other)) {
            // PEFT's save_embedding_layers writes some tensors twice.
            return;
        }
        if (other != null) {
            reasons.refuse(
                    LoraFault.DUPLICATE_TENSOR,
                    at(tensor.name()),
                    other.name(),
                    "one tensor for each place",
                    "stands for the same matrix as another tensor");
            return;
        }
        if (checkType(tensor) && !valuesKnown) {
            scan(key, tensor);
        }
    }

    private static boolean isSame(Tensor one, Tensor other) {
        return one.dtype() == other.dtype()
                && one.shape().equals(other.shape())
                && one.data().mismatch(other.data()) == -1;
    }

    private boolean isModule(ModulePath path, Tensor tensor) {
        if (path.layer() >= base.layers()) {
            reasons.refuse(
                    LoraFault.UNKNOWN_LAYER,
                    at(tensor.name()),
                    "layer " + path.layer(),
                    "layers 0 to " + (base.layers() - 1),
                    "is for a layer that the base model does not have");
            return false;
        }
        if (!base.has(path.layer(), path.module())) {
            reasons.refuse(
                    LoraFault.UNKNOWN_MODULE,
                    at(tensor.name()),
                    path.module().shortName(),
                    ModulePath.names(base.modules().get(path.layer())),
                    "is for a module that this layer of the base model does not have");
            return false;
        }
        return true;
    }

    private boolean isKnown(boolean known, TensorPlace place, Tensor tensor) {
        if (!known) {
            reasons.refuse(
                    place instanceof Edge ? LoraFault.EMBEDDING_ADAPTER : LoraFault.UNKNOWN_MODULE,
                    at(tensor.name()),
                    place.text(),
                    base.around().tokens() > 0
                            ? "norms and experts of the base, embed_tokens and lm_head"
                            : "modules that can be checked without the base's config.json",
                    "is for a module that the base model is not known to have");
        }
        return known;
    }

    private boolean checkType(Tensor tensor) {
        DType dtype = tensor.dtype();
        if (!dtype.isFloat()) {
            reasons.refuse(
                    LoraFault.UNSUPPORTED_DTYPE,
                    at(tensor.name()),
                    dtype.name(),
                    "F32, F16 or BF16",
                    "is of a type that is not served");
        }
        return dtype.isFloat();
    }

    private void scan(Key key, Tensor tensor) {
        WeightScan scan = WeightScan.of(tensor);
        scans.put(key, scan);
        if (scan.notFinite() >= 0) {
            reasons.refuse(
                    LoraFault.NOT_FINITE,
                    at(tensor.name()),
                    tensor.get(scan.notFinite()) + " at index " + scan.notFinite(),
                    "finite values",
                    "holds a value that is not finite");
        }
    }
}
