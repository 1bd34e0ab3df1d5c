package dev.weft.deployment;

import dev.weft.deployment.Deployment.DeclaredAdapter;
import dev.weft.deployment.document.DeploymentFault;
import dev.weft.deployment.document.Origin;
import dev.weft.deployment.document.YamlNode;
import dev.weft.deployment.truss.FileFolders;
import dev.weft.deployment.truss.RepositoryReader;
import dev.weft.deployment.truss.TensorRtEngine;
import dev.weft.deployment.truss.Truss;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.bind.SettingFault;
import dev.weft.settings.bind.SettingsBinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.PropertySource;

/** Makes a deployment from a document, or reports its faults. */
final class DeploymentReader {
    /** Stands in for a missing repository, so that the rest is checked too; never handed out. */
    private static final RepositoryRef MISSING =
            new RepositoryRef(RepositorySource.FILE, "missing", null);

    private static final List<String> DEPLOYMENTS = List.of("weft", "deployments");

    /** The keys and sections that concern one base or its workers. */
    private static final List<List<String>> OF_A_BASE =
            List.of(
                    DeploymentKeys.MODEL_NAME,
                    List.of("trt_llm"),
                    List.of("resources"),
                    List.of("weft", "engine"),
                    List.of("weft", "inference"),
                    List.of("weft", "relay"));

    private final YamlNode.Fields root;
    private final Path folder;
    private final List<DeploymentFault> faults;
    private final Reading reading;
    private final RepositoryReader repositories;

    /**
     * How a file is read.
     *
     * @param outside sources that win over the file, but not over the command line
     * @param whole whether all keys below {@code weft:} are known
     * @param folders that must be there
     * @param listed whether another file lists this one
     */
    record Reading(
            List<PropertySource<?>> outside, boolean whole, FileFolders folders, boolean listed) {
        Reading {
            outside = List.copyOf(outside);
        }

        /** How a file is read that no other lists. */
        static Reading of(List<PropertySource<?>> outside, boolean whole, FileFolders folders) {
            return new Reading(outside, whole, folders, false);
        }

        /** How the files are read that this one lists. */
        Reading ofListed() {
            return new Reading(outside, whole, folders, true);
        }

        boolean opens(List<String> section) {
            return folders.has(section, listed);
        }
    }

    DeploymentReader(
            YamlNode.Fields root, Path folder, List<DeploymentFault> faults, Reading reading) {
        this.root = root;
        this.reading = reading;
        this.folder = folder;
        this.faults = faults;
        this.repositories = new RepositoryReader(folder, this::fault);
    }

    /**
     * Reads the document.
     *
     * @param others reads the files that this one lists
     */
    EffectiveDeployment read(FleetReader.Reader others) throws DeploymentException {
        var document = new DocumentValues(DeploymentKeys.ALL, reading.whole(), faults);
        document.read(root);
        var reader =
                new SettingsBinder(
                        DeploymentKeys.ALL, sources(document.values(), reading.outside()), folder);
        BoundSettings settings = reader.read(DeploymentKeys.RECORDS, reading::opens);
        for (SettingFault fault : reader.faults()) {
            Origin origin = Origin.of(fault.origin());
            faults.add(
                    new DeploymentFault(
                            String.join(".", fault.path()),
                            origin instanceof Origin.Default ? nearest(fault.path()) : origin,
                            fault.message()));
        }
        if (reading.listed() && root.at(DEPLOYMENTS) != null) {
            fault(DEPLOYMENTS, "is not allowed in a file that another one lists");
            throw new DeploymentException(faults);
        }
        List<Path> files = listed(settings.get(FleetSettings.class));
        List<Deployment> deployments =
                files.isEmpty()
                        ? List.of(deployment(settings))
                        : members(files, others, Origin.of(reader.origin(DEPLOYMENTS)));
        if (!faults.isEmpty()) {
            throw new DeploymentException(faults);
        }
        Fleet fleet = new Fleet(settings, deployments);
        var values = new EffectiveSettings(reader::origin).of(fleet);
        values.addAll(document.unknown());
        return new EffectiveDeployment(fleet, values);
    }

    /**
     * The files of a fleet's bases. A file that is one of them lists none, whatever is set outside.
     */
    private List<Path> listed(FleetSettings fleet) {
        return reading.listed() ? List.of() : fleet.deployments();
    }

    private List<Deployment> members(List<Path> files, FleetReader.Reader others, Origin listed) {
        for (List<String> section : OF_A_BASE) {
            YamlNode found = root.at(section);
            boolean ofAll =
                    section.getFirst().equals(DeploymentKeys.WEFT)
                            && found != null
                            && found.origin() instanceof Origin.CommandLine;
            if (found != null && !ofAll) {
                fault(
                        section,
                        "is not allowed beside "
                                + FleetReader.KEY
                                + ": it belongs into the file of a base");
            }
        }
        return new FleetReader(listed, faults).read(files, places(files.size(), listed), others);
    }

    /** Where each of the files is listed; the list's own place for all if a variable lists them. */
    private List<Origin> places(int files, Origin listed) {
        if (!(listed instanceof Origin.InEnvironment)
                && root.at(DEPLOYMENTS) instanceof YamlNode.Items(List<YamlNode> items, Origin _)
                && items.size() == files) {
            return items.stream().map(YamlNode::origin).toList();
        }
        return Collections.nCopies(files, listed);
    }

    private static List<PropertySource<?>> sources(
            Map<String, DeploymentPropertySource.Value> values, List<PropertySource<?>> outside) {
        var sources = new ArrayList<PropertySource<?>>();
        sources.add(
                DeploymentPropertySource.of("--set", values, Origin.CommandLine.class::isInstance));
        sources.addAll(outside);
        sources.add(
                DeploymentPropertySource.of(
                        "deployment file", values, Origin.InFile.class::isInstance));
        return sources;
    }

    private Deployment deployment(BoundSettings settings) {
        Truss truss = settings.get(Truss.class);
        Truss.Build build = truss.trtLlm().build();
        String served = truss.trtLlm().runtime().servedModelName();
        String name = truss.modelName() == null ? served : truss.modelName();
        String servedName = served == null ? name : served;
        if (name == null || servedName == null) {
            fault(DeploymentKeys.MODEL_NAME, "is missing: a name");
            name = "";
            servedName = "";
        }
        Truss.Resources resources = truss.resources();
        boolean gpu = resources.accelerator() != null;
        return new Deployment(
                name,
                resources.useGpu() == null ? gpu : resources.useGpu(),
                new Deployment.Base(servedName, checkpoint(build)),
                new Deployment.Lora(
                        build.rank(),
                        build.pluginConfiguration().loraPlugin(),
                        adapters(build.loraAdapters(), servedName)),
                new TensorRtEngine(truss).settings(),
                settings);
    }

    private RepositoryRef checkpoint(Truss.Build build) {
        return repositories
                .read(
                        build.checkpointRepository(),
                        below(DeploymentKeys.BUILD, "checkpoint_repository"),
                        reading.folders().hasBase())
                .orElse(MISSING);
    }

    private List<DeclaredAdapter> adapters(Map<String, Truss.Adapter> declared, String servedName) {
        var adapters = new ArrayList<DeclaredAdapter>();
        inOrder(declared)
                .forEach((name, adapter) -> {
                    List<String> path = below(DeploymentKeys.ADAPTERS, name);
                    if (name.equals(servedName)) {
                        fault(
                                path,
                                "the name '"
                                        + name
                                        + "' is not allowed: the base model is served under it");
                    }
                    repositories
                            .read(adapter, path, reading.folders().hasAdapters())
                            .ifPresent(repository ->
                                    adapters.add(new DeclaredAdapter(name, repository)));
                });
        return adapters;
    }

    /**
     * The adapters in the file's order. Those without any value are included, since their keys are
     * missing.
     */
    private Map<String, Truss.Adapter> inOrder(Map<String, Truss.Adapter> declared) {
        Map<String, Truss.Adapter> ordered = new LinkedHashMap<>();
        if (root.at(DeploymentKeys.ADAPTERS) instanceof YamlNode.Fields fields) {
            fields.fields()
                    .forEach((name, node) -> {
                        Truss.Adapter adapter = declared.get(name);
                        if (adapter != null) {
                            ordered.put(name, adapter);
                        } else if (node instanceof YamlNode.Fields || isEmpty(node)) {
                            ordered.put(name, new Truss.Adapter(RepositorySource.HF, null, null));
                        }
                    });
        }
        declared.forEach(ordered::putIfAbsent);
        return ordered;
    }

    /**
     * Whether the file gives a name no value. A name that the command line gives no value is taken
     * back instead.
     */
    private static boolean isEmpty(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar
                && scalar.isNull()
                && !(scalar.origin() instanceof Origin.CommandLine);
    }

    private static List<String> below(List<String> path, String name) {
        var below = new ArrayList<>(path);
        below.add(name);
        return below;
    }

    private void fault(List<String> path, String message) {
        faults.add(new DeploymentFault(String.join(".", path), nearest(path), message));
    }

    /** The origin of the value at a path, or of the nearest existing one above it. */
    private Origin nearest(List<String> path) {
        for (int size = path.size(); size > 0; size--) {
            YamlNode node = root.at(path.subList(0, size));
            if (node != null) {
                return node.origin();
            }
        }
        return root.origin();
    }
}
