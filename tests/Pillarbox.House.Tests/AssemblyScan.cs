using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Pillarbox.House.Tests;

/// <summary>
/// Reads of a built assembly what it references, down to the instructions of its methods; it is not loaded.
/// </summary>
internal sealed class AssemblyScan : IDisposable
{
    private static readonly Dictionary<short, OperandType> _operands = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value, code => code.OperandType);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    public AssemblyScan(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
    }

    /// <summary>The names of the assemblies it references.</summary>
    public IEnumerable<string> References =>
        _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name));

    /// <summary>The full names of the types of other assemblies that it uses.</summary>
    public IEnumerable<string> ForeignTypes =>
        _metadata.TypeReferences.Select(handle => _metadata.GetTypeReference(handle))
            .Select(type => $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}");

    /// <summary>Its own types, but those inside others, with the names of their methods and fields; generic ones without their arity.</summary>
    public IEnumerable<(string FullName, string[] Members)> Types => _metadata.TypeDefinitions
        .Select(_metadata.GetTypeDefinition).Where(type => type.GetDeclaringType().IsNil)
        .Select(type => (
            $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name).Split('`')[0]}",
            type.GetMethods().Select(handle => _metadata.GetString(_metadata.GetMethodDefinition(handle).Name))
                .Concat(type.GetProperties().Select(handle => _metadata.GetString(_metadata.GetPropertyDefinition(handle).Name)))
                .Concat(type.GetFields().Select(handle => _metadata.GetString(_metadata.GetFieldDefinition(handle).Name))).ToArray()));

    /// <summary>Which of its own namespaces uses which other, and by what: one example each.</summary>
    public Dictionary<(string From, string To), string> NamespaceUses()
    {
        var uses = new Dictionary<(string, string), string>();
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var from = NamespaceOf(handle);
            foreach (var used in UsedBy(_metadata.GetTypeDefinition(handle)))
            {
                var to = NamespaceOf(used);
                if (from != to)
                    uses.TryAdd((from, to), $"{NameOf(handle)} uses {NameOf(used)}");
            }
        }

        return uses;
    }

    public void Dispose() => _file.Dispose();

    private HashSet<TypeDefinitionHandle> UsedBy(TypeDefinition type)
    {
        var found = new Collector(_metadata);
        found.Add(type.BaseType);
        foreach (var handle in type.GetInterfaceImplementations())
            found.Add(_metadata.GetInterfaceImplementation(handle).Interface);
        foreach (var handle in type.GetGenericParameters().SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints()))
            found.Add(_metadata.GetGenericParameterConstraint(handle).Type);
        foreach (var handle in type.GetCustomAttributes())
            found.Add(_metadata.GetCustomAttribute(handle).Constructor);
        foreach (var handle in type.GetFields())
            _ = _metadata.GetFieldDefinition(handle).DecodeSignature(found, null);
        foreach (var handle in type.GetMethods())
            AddMethod(_metadata.GetMethodDefinition(handle), found);

        return found.Types;
    }

    private void AddMethod(MethodDefinition method, Collector found)
    {
        _ = method.DecodeSignature(found, null);
        if (method.RelativeVirtualAddress == 0)
            return;

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            _ = _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(found, null);

        var code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            short value = code.ReadByte();
            if (value == 0xFE)
                value = (short)((value << 8) | code.ReadByte());

            ReadOperand(_operands[value], ref code, found);
        }
    }

    private static void ReadOperand(OperandType operand, ref BlobReader code, Collector found)
    {
        switch (operand)
        {
            case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                found.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                break;
            case OperandType.InlineSwitch:
                var targets = code.ReadInt32();
                code.Offset += 4 * targets;
                break;
            default:
                code.Offset += operand switch
                {
                    OperandType.InlineNone => 0,
                    OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                    OperandType.InlineVar => 2,
                    OperandType.InlineI8 or OperandType.InlineR => 8,
                    _ => 4,
                };
                break;
        }
    }

    private TypeDefinitionHandle Outermost(TypeDefinitionHandle handle)
    {
        while (_metadata.GetTypeDefinition(handle).GetDeclaringType() is { IsNil: false } outer)
            handle = outer;

        return handle;
    }

    private string NamespaceOf(TypeDefinitionHandle handle) => _metadata.GetString(_metadata.GetTypeDefinition(Outermost(handle)).Namespace);

    private string NameOf(TypeDefinitionHandle handle) => _metadata.GetString(_metadata.GetTypeDefinition(Outermost(handle)).Name);

    /// <summary>Gathers the assembly's own types that signatures and tokens name.</summary>
    private sealed class Collector(MetadataReader metadata) : ISignatureTypeProvider<object?, object?>
    {
        public HashSet<TypeDefinitionHandle> Types { get; } = [];

        public void Add(EntityHandle handle)
        {
            if (handle.IsNil)
                return;

            switch (handle.Kind)
            {
                case HandleKind.TypeDefinition:
                    Types.Add((TypeDefinitionHandle)handle);
                    break;
                case HandleKind.TypeSpecification:
                    _ = metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                    break;
                case HandleKind.MethodDefinition:
                    Types.Add(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                    break;
                case HandleKind.FieldDefinition:
                    Types.Add(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                    break;
                case HandleKind.MemberReference:
                    AddMember(metadata.GetMemberReference((MemberReferenceHandle)handle));
                    break;
                case HandleKind.MethodSpecification:
                    var specification = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                    Add(specification.Method);
                    _ = specification.DecodeSignature(this, null);
                    break;
                default:
                    break;
            }
        }

        public object? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            Types.Add(handle);
            return null;
        }

        public object? GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        {
            Add(handle);
            return null;
        }

        public object? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => null;

        public object? GetArrayType(object? elementType, ArrayShape shape) => null;

        public object? GetByReferenceType(object? elementType) => null;

        public object? GetFunctionPointerType(MethodSignature<object?> signature) => null;

        public object? GetGenericInstantiation(object? genericType, System.Collections.Immutable.ImmutableArray<object?> typeArguments) => null;

        public object? GetGenericMethodParameter(object? genericContext, int index) => null;

        public object? GetGenericTypeParameter(object? genericContext, int index) => null;

        public object? GetModifiedType(object? modifier, object? unmodifiedType, bool isRequired) => null;

        public object? GetPinnedType(object? elementType) => null;

        public object? GetPointerType(object? elementType) => null;

        public object? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

        public object? GetSZArrayType(object? elementType) => null;

        private void AddMember(MemberReference member)
        {
            Add(member.Parent);
            if (member.GetKind() == MemberReferenceKind.Method)
                _ = member.DecodeMethodSignature(this, null);
            else
                _ = member.DecodeFieldSignature(this, null);
        }
    }
}
